/** 5. Leader Append-Only (figure 3): a leader never overwrites or deletes entries in its log. */
import type { InvariantFactory } from './invariant.ts'

export const leaderAppendOnly: InvariantFactory = (ghost, report) => {
  return {
    number: 5,
    name: 'Leader Append-Only',
    stepped(node) {
      const { status } = node
      if (status?.role !== 'leader') return
      const leadership = ghost.leaders.get(status.currentTerm)
      if (leadership === undefined) return
      // The ghost's copy only ever grows: the node's own must still end as it does.
      if (node.log.lastHash !== leadership.log.lastHash || node.log.last !== leadership.log.last) {
        report(`the log of ${node.id}, leader of term ${status.currentTerm}, is not what it was plus what it appended`)
      }
    },
  }
}
