/**
 * What arrived and was never told to be sent: by a node whose telling began later, or ended before its life did, as that of a page
 * that is closed. What only those told who heard it is believed, as far as docs/spec/midst.qnt goes.
 */
import type { MessageSummary, NodeId, TraceEvent } from '@flotilla/core'
import { type Step, step } from './quint.ts'

/** A message that has no id in the file is named after its line: nobody can say whether it was sent. */
const NAMELESS = /^line \d+$/

export class Untold {
  readonly #events: readonly TraceEvent[]
  readonly #sent: ReadonlySet<string>

  constructor(events: readonly TraceEvent[]) {
    this.#events = events
    this.#sent = new Set(events.flatMap(event => (event.type === 'sent' ? [event.message.id] : [])))
  }

  /** @param isPast its sender has told of itself, and not from the midst of a life on: then it must have ended */
  has({ id, from }: MessageSummary, at: number, isPast: boolean): boolean {
    if (this.#sent.has(id) || NAMELESS.test(id)) return false
    return !isPast || this.#tellsNoMore(from, at)
  }

  #tellsNoMore(node: NodeId, at: number): boolean {
    for (let i = at + 1; i < this.#events.length; i++) {
      const event = this.#events[i]
      if (event?.node === node) return ['started', 'crashed', 'stopped'].includes(event.type)
    }
    return true
  }
}

/** What only a leader's own log could tell more of is not among them. @param term of the receiver */
export function heardOf(
  { type, from, to, term, index = 0, granted = false }: MessageSummary,
  receiver: number,
): Step[] {
  switch (type) {
    case 'RequestPreVote':
      return [step('preVoteRequestUnseen', from, { to, term: term + 1, index })]
    case 'RequestVote':
      return [step('voteRequestUnseen', from, { to, term, index })]
    case 'RequestPreVoteResult':
      return granted ? [step('preVoteUnseen', from, { to, term: receiver + 1 })] : []
    case 'RequestVoteResult':
      return granted ? [step('voteUnseen', from, { to, term })] : []
    case 'AppendEntriesResult':
      return granted && index > 0 ? [step('acceptedUnseen', from, { to, term, index })] : []
    case 'TimeoutNow':
      return [step('timeoutNowUnseen', from, { to, term })]
    default:
      return []
  }
}
