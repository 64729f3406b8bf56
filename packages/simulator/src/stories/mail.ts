/**
 * The messages of a replay. What is to be delivered is named as it was when it was recorded; in an altered past it may not have been
 * sent, and something else has its place.
 */
import type { Message } from '@flotilla/core'
import { mix as fold, mixBytes, mixText } from '../ground/hash.ts'
import { actionCodes, type Envelope } from '../world/action.ts'

/**
 * What takes the place of a message that was not sent: the latest that says about the same, or the next of its kind, in the
 * order in which they were sent. Where a write is left out, all that follows is one index lower: then it is the next.
 */
export type Substitute = 'alike' | 'next'

/** Everything sent so far, by what it says. */
export class Mail {
  readonly #substitute: Substitute
  readonly #byNumber = new Map<number, Envelope>()
  readonly #exact = new Map<number, Envelope>()
  readonly #sameTerm = new Map<number, Envelope>()
  readonly #sameKind = new Map<number, Envelope>()
  /** Of each kind between two nodes, in order; and how many of these have been passed. */
  readonly #inOrder = new Map<number, Envelope[]>()
  readonly #passed = new Map<number, number>()

  constructor(substitute: Substitute) {
    this.#substitute = substitute
  }

  put(envelope: Envelope): void {
    this.#byNumber.set(envelope.number, envelope)
    this.#exact.set(contentHash(envelope.message), envelope)
    this.#sameTerm.set(termHash(envelope.message), envelope)
    const kind = kindHash(envelope.message)
    this.#sameKind.set(kind, envelope)
    if (this.#substitute === 'alike') return
    const before = this.#inOrder.get(kind)
    if (before === undefined) this.#inOrder.set(kind, [envelope])
    else before.push(envelope)
  }

  /**
   * The very message, by its number: another that says the same may be of another round. Or its substitute: for `alike` what
   * says the same, or the latest of its kind between the two, in that term if there is one.
   */
  find({ number, message }: Envelope): Envelope | undefined {
    const same = this.#byNumber.get(number)
    if (same !== undefined && contentHash(same.message) === contentHash(message)) return this.#pass(same)
    if (this.#substitute === 'next') {
      const kind = kindHash(message)
      const next = this.#inOrder.get(kind)?.[this.#passed.get(kind) ?? 0]
      return next === undefined ? undefined : this.#pass(next)
    }
    return (
      this.#exact.get(contentHash(message)) ??
      this.#sameTerm.get(termHash(message)) ??
      this.#sameKind.get(kindHash(message))
    )
  }

  #pass(envelope: Envelope): Envelope {
    if (this.#substitute === 'alike') return envelope
    const kind = kindHash(envelope.message)
    const place = this.#inOrder.get(kind)?.indexOf(envelope) ?? 0
    this.#passed.set(kind, Math.max(place + 1, this.#passed.get(kind) ?? 0))
    return envelope
  }
}

function kindHash({ type, from, to }: Message): number {
  return mixText(mixText(mixText(actionCodes.deliver, type), from), to)
}

function termHash(message: Message): number {
  return fold(kindHash(message), message.term)
}

/** Not over `round` and `context`, which only count. */
function contentHash(message: Message): number {
  let hash = termHash(message)
  const also = (...numbers: readonly number[]): void => {
    for (const number of numbers) hash = fold(hash, number)
  }
  switch (message.type) {
    case 'RequestPreVote':
    case 'RequestVote':
      also(message.lastLogIndex, message.lastLogTerm)
      break
    case 'RequestPreVoteResult':
    case 'RequestVoteResult':
      also(Number(message.granted))
      break
    case 'AppendEntries':
      also(message.prevLogIndex, message.prevLogTerm, message.leaderCommit, message.entries.length)
      for (const entry of message.entries) also(entry.index, entry.term)
      break
    case 'AppendEntriesResult':
      if (message.success) also(1, message.matchIndex)
      else also(0, message.rejectedIndex, message.hintIndex, message.hintTerm)
      break
    case 'InstallSnapshot':
      also(message.lastIncludedIndex, message.lastIncludedTerm, message.offset)
      hash = mixBytes(hash, message.data)
      break
    case 'InstallSnapshotResult':
      also(message.lastIncludedIndex, message.nextOffset)
      break
    case 'ReadIndexResult':
      also(message.readIndex)
      break
    case 'TimeoutNow':
    case 'ReadIndex':
      break
    default:
      return message satisfies never
  }
  return hash
}
