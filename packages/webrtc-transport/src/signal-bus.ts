/**
 * Several ways of signalling as one: what is said goes out on all of them, and whichever brings it first is heard. Each
 * text is numbered within a stream, and what is not newer than the last of its stream is a copy that came by a slower
 * way, or one that somebody has kept and plays again.
 */
import type { NodeId } from '@flotilla/core'
import { assertSignalLength, MAX_SIGNAL_LENGTH, type Signaling, type SignalingHandler } from './signaling.ts'

/** The number and the stream before a text. */
const HEADER_LENGTH = 64
/** The longest text that fits on every way with its number before it, in UTF-16 units. */
export const MAX_BUS_LENGTH = MAX_SIGNAL_LENGTH - HEADER_LENGTH
/** Streams remembered; the one that was silent for longest goes first. */
const MAX_STREAMS = 512

const HEADER = /^([0-9a-f]{32}):([0-9]{1,15})\|/

export class SignalBus implements Signaling {
  readonly #ways: readonly Signaling[]
  readonly #stream: string
  /** The number of the last text heard, of each stream. */
  readonly #heard = new Map<string, number>()
  #sent = 0
  #handler: SignalingHandler | undefined
  #left = false

  /** @param stream a name that nobody else has or had, 32 hexadecimal digits */
  constructor(ways: readonly Signaling[], stream: string) {
    this.#ways = ways
    this.#stream = stream
  }

  /** Resolves with the first way that is open; one that opens later is a return. Rejects when none can be. */
  async join(self: NodeId, handler: SignalingHandler): Promise<void> {
    this.#handler = handler
    let open = false
    const joining = this.#ways.map(async way => {
      await way.join(self, { onSignal: text => this.#receive(text), onReturn: () => handler.onReturn() })
      if (open && !this.#left) handler.onReturn()
      open = true
    })
    try {
      await Promise.any(joining)
    } catch (cause) {
      throw cause instanceof AggregateError && cause.errors.length === 1 ? cause.errors[0] : cause
    }
  }

  send(text: string, to?: NodeId): void {
    assertSignalLength(text, MAX_BUS_LENGTH)
    if (this.#left) return
    this.#sent += 1
    const numbered = `${this.#stream}:${this.#sent}|${text}`
    for (const way of this.#ways) way.send(numbered, to)
  }

  leave(): void {
    this.#left = true
    for (const way of this.#ways) way.leave()
  }

  #receive(numbered: string): void {
    const [header, stream, number] = HEADER.exec(numbered) ?? []
    if (this.#left || header === undefined || stream === undefined) return
    if (this.#isNew(stream, Number(number))) this.#handler?.onSignal(numbered.slice(header.length))
  }

  #isNew(stream: string, number: number): boolean {
    const last = this.#heard.get(stream)
    if (last !== undefined && number <= last) return false
    this.#heard.delete(stream)
    this.#heard.set(stream, number)
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= MAX_STREAMS) break
      this.#heard.delete(oldest)
    }
    return true
  }
}
