/**
 * 2. A vote never changes within its term, restarts included, and leaves only when the disk can no longer forget it
 * (figure 2, §5.2): it holds the vote, or a later term. The latter is a group commit's doing: the votes of two terms
 * became durable as one.
 */
import type { NodeId } from '@flotilla/core'
import type { InvariantFactory } from '../../invariants/invariant.ts'
import type { NodeView } from '../../invariants/view.ts'

export const votesAreDurable: InvariantFactory = (_ghost, report) => {
  const votes = new Map<string, NodeId>()

  const vote = (node: NodeView, term: number, candidate: NodeId): void => {
    const key = `${node.id} ${term}`
    const before = votes.get(key) ?? candidate
    votes.set(key, before)
    if (before !== candidate) report(`${node.id} votes for ${candidate} in term ${term}, having voted for ${before}`)
  }

  return {
    number: 2,
    name: 'Vote Durability',
    becomingDurable(node, { hardState }) {
      if (hardState?.votedFor !== undefined) vote(node, hardState.currentTerm, hardState.votedFor)
      else if (hardState?.currentTerm === node.durableTerm && node.durableVote !== undefined) {
        report(`${node.id} forgets its vote for ${node.durableVote} in term ${node.durableTerm}`)
      }
    },
    sent(node, message) {
      const asks = message.type === 'RequestVote'
      if (!asks && !(message.type === 'RequestVoteResult' && message.granted)) return
      const candidate = asks ? message.from : message.to
      vote(node, message.term, candidate)
      const { durableTerm, durableVote } = node
      if (durableTerm > message.term || (durableTerm === message.term && durableVote === candidate)) return
      report(
        `${node.id} lets its vote for ${candidate} in term ${message.term} leave; ` +
          `its disk has term ${durableTerm}, vote ${durableVote ?? 'none'}`,
      )
    },
  }
}
