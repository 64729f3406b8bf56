export type { HouseError } from './house.ts'
export { BrowserNode, type OpenNodeOptions, openNode } from './open-node.ts'
export type { NodeProgram, NodeSettings, Ways } from './program.ts'
