/**
 * Beside the numbered ones: a leader that hands over first brings its target up to date (dissertation §3.10). One that
 * lags could not win, and its campaign would only depose the leader.
 */
import type { InvariantFactory } from './invariant.ts'

export const transferTarget: InvariantFactory = (ghost, report) => ({
  number: 0,
  name: 'Transfer Target',
  sent(node, message) {
    if (message.type !== 'TimeoutNow' || node.status?.transferringTo !== message.to || node.handsOverAtOnce) return
    const target = ghost.nodes.get(message.to)
    if (target === undefined || target.durableTerm > message.term) return
    // As of the event before: what was appended together with the decision may have come after it.
    const needed = node.previous?.lastIndex ?? 0
    if (target.durable.last < needed) {
      report(`${node.id} tells ${message.to} to campaign, whose log ends at ${target.durable.last}, not ${needed}`)
    }
  },
})
