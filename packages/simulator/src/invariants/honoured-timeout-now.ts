/**
 * Beside the numbered ones: a campaign that goes around stickiness follows a TimeoutNow of exactly the term before
 * (dissertation §3.10, §4.2.3). Any other would depose leaders that nobody wants to see gone.
 */
import type { InvariantFactory } from './invariant.ts'

export const honouredTimeoutNow: InvariantFactory = (ghost, report) => {
  const { heirs: asked } = ghost.memory
  return {
    number: 0,
    name: 'Honoured TimeoutNow',
    started(node) {
      asked.delete(node)
    },
    receiving(node, message) {
      if (message.type !== 'TimeoutNow') return
      const terms = asked.get(node) ?? new Set()
      terms.add(message.term)
      asked.set(node, terms)
    },
    sent(node, message) {
      if (message.type !== 'RequestVote' || !message.leadershipTransfer) return
      if (asked.get(node)?.has(message.term - 1) !== true) {
        report(`${node.id} campaigns for term ${message.term} as if its leader had asked for it`)
      }
    },
  }
}
