/** 17. A proposal takes effect at most once, and where the client was told. Sessions and retries are the runtime's. */
import { decodeCommand } from '../ground/command.ts'
import type { InvariantFactory } from './invariant.ts'

export const exactlyOnce: InvariantFactory = (ghost, report) => {
  const { effects: effect } = ghost.memory
  return {
    number: 17,
    name: 'Exactly Once',
    applied(node, entry) {
      if (entry.kind !== 'command' || ghost.digests[entry.index] !== undefined) return
      const { operation } = decodeCommand(entry.data)
      const before = effect.get(operation)
      if (before === undefined) effect.set(operation, entry.index)
      else report(`operation ${operation} takes effect at ${before}, and again at ${entry.index} on ${node.id}`)
    },
    acknowledged(operation, index) {
      if (effect.get(operation) !== index) {
        report(`operation ${operation} is acknowledged at ${index}; it took effect at ${effect.get(operation)}`)
      }
    },
  }
}
