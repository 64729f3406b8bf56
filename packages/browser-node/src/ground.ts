/** `@flotilla/browser-node/ground`: for whoever gives a node another ground than a browser's, as simulations do. */
export { type BrowserNode, type NodesPage, openNodeIn } from './browser-node.ts'
export type { FromHouse, HouseEnd, PageEvent, ToHouse } from './house.ts'
export type { Channel, Lock, Locks } from './household/surroundings.ts'
export { type HouseGround, keepHouse } from './node-house.ts'
export type { Place } from './place.ts'
export type { NodeProgram, NodeSettings } from './program.ts'
