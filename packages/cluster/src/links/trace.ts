/** A message in as many words as a picture needs, and the name by which both of its ends know it. */
import type { Message, MessageSummary, NodeId } from '@flotilla/core'

/**
 * Sequences of one incarnation of a node: they start at its incarnation × 2³², so that they never repeat across crashes,
 * and both ends make the same name of one.
 */
const PER_INCARNATION = 2 ** 32

/** 2⁵³ ÷ 2³²: what is left for incarnations in a number that stays exact. */
const MAX_INCARNATIONS = 2 ** 21

/** The incarnation is the database's owner epoch: it grows with every start. */
export const firstSequence = (ownerEpoch: number): number => (ownerEpoch % MAX_INCARNATIONS) * PER_INCARNATION

export function messageId(from: NodeId, sequence: number): string {
  return `${from}:${Math.floor(sequence / PER_INCARNATION)}:${sequence % PER_INCARNATION}`
}

/** `sequence`: the message's own among its sender's, or in a whole simulated run; both of its ends know it. */
export function summarizeMessage(message: Message, sequence: number): MessageSummary {
  const { from, to, type, term } = message
  return { id: messageId(from, sequence), from, to, type, term, ...detailsOf(message) }
}

function detailsOf(message: Message): Pick<MessageSummary, 'size' | 'granted' | 'index'> {
  switch (message.type) {
    case 'AppendEntries':
      return { size: message.entries.length, index: message.prevLogIndex }
    case 'AppendEntriesResult':
      return { size: 0, granted: message.success, index: message.success ? message.matchIndex : message.hintIndex }
    case 'RequestPreVote':
    case 'RequestVote':
      return { size: 0, index: message.lastLogIndex }
    case 'RequestPreVoteResult':
    case 'RequestVoteResult':
      return { size: 0, granted: message.granted }
    case 'InstallSnapshot':
      return { size: message.data.byteLength, index: message.lastIncludedIndex }
    case 'InstallSnapshotResult':
      return { size: 0, index: message.lastIncludedIndex }
    case 'ReadIndexResult':
      return { size: 0, granted: message.readIndex > 0, index: message.readIndex }
    case 'ReadIndex':
    case 'TimeoutNow':
      return { size: 0 }
    default:
      return message satisfies never
  }
}
