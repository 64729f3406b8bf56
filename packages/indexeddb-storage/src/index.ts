export { type IndexedDbOptions, indexedDb } from './room.ts'
