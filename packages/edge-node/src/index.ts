export { type InspectedEntry, type InspectedNode, inspectDataDir } from './storage/inspect.ts'
export type { StateRecord } from './storage/records.ts'
export { lmdbStorage } from './storage/shelf.ts'
export { nodeConnections } from './transport/node-web-rtc.ts'
