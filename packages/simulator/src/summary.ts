/** A message in as many words as a trace needs (core's trace.ts says which). */
import type { Message, MessageSummary } from '@flotilla/core'

/** `number` is the message's own in the whole run: both of its ends know it. */
export function summarize(message: Message, number: number): MessageSummary {
  const { from, to, type, term } = message
  return { id: `${from}:0:${number}`, from, to, type, term, ...details(message) }
}

function details(message: Message): Pick<MessageSummary, 'size' | 'granted' | 'index'> {
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
