export type { BrowserNode, OpenNodeOptions } from './browser-node.ts'
export type { HouseError } from './house.ts'
export { openNode } from './open-node.ts'
export type { NodeProgram, NodeSettings, Ways } from './program.ts'
