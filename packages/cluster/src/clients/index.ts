/** `@flotilla/cluster/clients`: what a client is made of, also one that is no node and has a node only at the end of some port. */

export { Emitter } from '../emitter.ts'
export { disown, report } from '../tell.ts'
export { Reader, refused } from '../wire/reader.ts'
export { Writer } from '../wire/writer.ts'
export { Commands } from './commands.ts'
export { checkedProposeOptions, checkedReadOptions } from './options.ts'
export { Proposals } from './proposals.ts'
export { Reads } from './reads.ts'
export { type FinalAnswer, Requests } from './requests.ts'
export type { RememberedAnswer } from './sessions.ts'
export { SESSION_WINDOW } from './sessions.ts'
export { type Waiter, Waiting } from './waiting.ts'
