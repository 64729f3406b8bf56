/**
 * For a node that carries a room whose commands it does not understand: it votes, leads if nobody else does, and keeps the snapshot that it was
 * sent, with the whole log after it, for whoever comes. It cannot make a snapshot, so its log grows; and it cannot say what a command came to,
 * which its proposer learns from what it applies itself.
 */
import type { Codec, StateMachine } from '../machine.ts'

const opaque: Codec<never> = {
  encode: () => {
    throw new Error('a carrier knows no commands, and proposes none')
  },
  decode: () => {
    throw new Error('a carrier knows no commands, and applies none')
  },
}

export const carrier: StateMachine<never, never> = {
  isCarrier: true,
  command: opaque,
  result: opaque,
  apply: command => command,
  snapshot: () => new Uint8Array(),
  restore: () => undefined,
}
