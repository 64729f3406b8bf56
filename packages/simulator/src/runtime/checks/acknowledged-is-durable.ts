/**
 * 4. Nothing is acknowledged to the leader of a term that is not on the disk (figure 2: "before responding to RPCs"). An
 * acknowledgement of an earlier term may leave late, when a group commit has let a later leader's truncation through with it.
 */
import type { InvariantFactory } from '../../invariants/invariant.ts'

export const acknowledgedIsDurable: InvariantFactory = (_ghost, report) => ({
  number: 4,
  name: 'Persist Before Acknowledge',
  sent(node, message) {
    if (message.type !== 'AppendEntriesResult' || !message.success || message.term < node.durableTerm) return
    if (message.matchIndex > node.durable.last) {
      report(`${node.id} acknowledges ${message.matchIndex}; its disk ends at ${node.durable.last}`)
    }
  },
})
