export { openToLook } from './database.ts'
export { type InspectedDatabase, inspectDatabases } from './inspect.ts'
export { type IndexedDbOptions, indexedDb } from './room.ts'
