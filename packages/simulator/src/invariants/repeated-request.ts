/**
 * Beside the numbered ones: a candidate that asks again whoever has voted for it is granted the vote again (figure 2: "if
 * votedFor is null or candidateId"). Its first answer may have been lost.
 */
import type { RequestVote } from '@flotilla/core'
import type { InvariantFactory } from './invariant.ts'

export const repeatedRequest: InvariantFactory = (ghost, report) => {
  const { givenVotes } = ghost.memory
  // Between two events there is none.
  let request: RequestVote | undefined
  return {
    number: 0,
    name: 'Repeated Request',
    stepped(node) {
      const { status } = node
      if (status?.votedFor === undefined) return
      const { currentTerm: term, votedFor: candidate, lastIndex, lastTerm } = status
      // A node that has lost the vote of a later term is back in an earlier one, with a log that has grown since.
      const votes = givenVotes.get(node) ?? new Map()
      givenVotes.set(node, votes)
      if (votes.get(term)?.candidate !== candidate) votes.set(term, { candidate, lastIndex, lastTerm })
    },
    receiving(_node, message) {
      request = message.type === 'RequestVote' ? message : undefined
    },
    sent(node, message) {
      if (message.type !== 'RequestVoteResult' || message.granted || request === undefined) return
      const { status } = node
      const vote = givenVotes.get(node)?.get(request.term)
      if (vote === undefined || status === undefined || request.from !== message.to) return
      const isRepeated = vote.candidate === request.from && status.currentTerm === request.term
      // What the log has got since may be more than the candidate's.
      if (isRepeated && status.lastIndex === vote.lastIndex && status.lastTerm === vote.lastTerm) {
        report(`${node.id} refuses ${message.to} the vote that it has given it in term ${request.term}`)
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
