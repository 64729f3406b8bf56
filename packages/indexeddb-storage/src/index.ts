export { indexedDb } from './room.ts'
