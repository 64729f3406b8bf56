/**
 * Beside the numbered ones: a candidate that asks again whoever has voted for it is granted the vote again (figure 2: "if
 * votedFor is null or candidateId"). Its first answer may have been lost.
 */
import type { RequestVote } from '@flotilla/core'
import type { InvariantFactory } from './invariant.ts'

export const repeatedRequest: InvariantFactory = (ghost, report) => {
  const { givenVotes: votes } = ghost.memory
  // Between two events there is none.
  let request: RequestVote | undefined
  return {
    number: 0,
    name: 'Repeated Request',
    stepped(node) {
      const { status } = node
      if (status?.votedFor === undefined) return
      const { currentTerm: term, votedFor: candidate, lastIndex, lastTerm } = status
      const known = votes.get(node)
      if (known?.term !== term || known.candidate !== candidate)
        votes.set(node, { term, candidate, lastIndex, lastTerm })
    },
    receiving(_node, message) {
      request = message.type === 'RequestVote' ? message : undefined
    },
    sent(node, message) {
      if (message.type !== 'RequestVoteResult' || message.granted || request === undefined) return
      const vote = votes.get(node)
      const { status } = node
      if (vote === undefined || status === undefined || request.from !== message.to) return
      const isRepeated =
        vote.term === request.term && vote.candidate === request.from && status.currentTerm === vote.term
      // What the log has got since may be more than the candidate's.
      if (isRepeated && status.lastIndex === vote.lastIndex && status.lastTerm === vote.lastTerm) {
        report(`${node.id} refuses ${message.to} the vote that it has given it in term ${vote.term}`)
      }
    },
    received() {
      request = undefined
    },
    crashed() {
      request = undefined
    },
  }
}
