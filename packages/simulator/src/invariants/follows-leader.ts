/**
 * Beside the numbered ones: "if AppendEntries RPC received from new leader: convert to follower" (figure 2). Whoever hears
 * the leader of its own term follows it, whatever it was before.
 */
import type { InvariantFactory } from './invariant.ts'

export const followsLeader: InvariantFactory = (_ghost, report) => ({
  number: 0,
  name: 'Follows Leader',
  received(node, message) {
    if (message.type !== 'AppendEntries' && message.type !== 'InstallSnapshot') return
    const { status } = node
    if (status === undefined || status.currentTerm !== message.term) return
    if (status.role !== 'follower' || status.leader !== message.from) {
      report(
        `${node.id} heard ${message.from}, the leader of its term ${message.term}, and is ${status.role} ` +
          `under ${status.leader ?? 'nobody'}`,
      )
    }
  },
})
