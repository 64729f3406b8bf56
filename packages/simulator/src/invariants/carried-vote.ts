/** Whose vote a message carries: a candidate that asks has voted for itself, and one that grants votes for the other end. */
import type { Message, NodeId } from '@flotilla/core'

export function carriedVote(message: Message): NodeId | undefined {
  if (message.type === 'RequestVote') return message.from
  return message.type === 'RequestVoteResult' && message.granted ? message.to : undefined
}
