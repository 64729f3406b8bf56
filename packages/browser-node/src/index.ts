export type { HouseError } from './house.ts'
export { type BrowserNode, type OpenNodeOptions, openNode } from './open-node.ts'
export type { NodeProgram, NodeSettings, Ways } from './program.ts'
