/** For nodes that hold no data of anybody's. A command that another node proposes all the same is a no-op, on every such node. */
import type { Codec, StateMachine } from '../machine.ts'

const none: Codec<never> = {
  encode: value => value,
  decode: () => {
    throw new Error('this room has no commands')
  },
}

export const noMachine: StateMachine<never, never> = {
  command: none,
  result: none,
  apply: command => command,
  snapshot: () => new Uint8Array(),
  restore: () => undefined,
}
