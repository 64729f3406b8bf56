/**
 * 2. A vote never changes within its term, restarts included, and leaves only when the disk can no longer forget it (figure
 * 2, §5.2): it holds the vote.
 */
import type { NodeId } from '@flotilla/core'
import { carriedVote } from './carried-vote.ts'
import type { Ghost } from './ghost.ts'
import type { Invariant, InvariantFactory, Report } from './invariant.ts'
import type { NodeView } from './view.ts'

export const voteDurability: InvariantFactory = (ghost, report) => invariant(ghost, report, false)

/** Or a later term, which is a group commit's doing: the votes of two terms became durable as one. */
export const groupedVoteDurability: InvariantFactory = (ghost, report) => invariant(ghost, report, true)

function invariant(ghost: Ghost, report: Report, laterTermWillDo: boolean): Invariant {
  const { votes } = ghost.memory

  const vote = (node: NodeView, term: number, candidate: NodeId): void => {
    let cast = votes.get(node)
    if (cast === undefined) {
      cast = new Map()
      votes.set(node, cast)
    }
    const before = cast.get(term)
    if (before === undefined) cast.set(term, candidate)
    else if (before !== candidate)
      report(`${node.id} votes for ${candidate} in term ${term}, having voted for ${before}`)
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
      const candidate = carriedVote(message)
      if (candidate === undefined) return
      vote(node, message.term, candidate)
      const { durableTerm, durableVote } = node
      if (durableTerm === message.term && durableVote === candidate) return
      if (laterTermWillDo && durableTerm > message.term) return
      report(
        `${node.id} lets its vote for ${candidate} in term ${message.term} leave; ` +
          `its disk has term ${durableTerm}, vote ${durableVote ?? 'none'}`,
      )
    },
  }
}
