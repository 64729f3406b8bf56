/**
 * Several ways of signalling as one, none of them trusted: what is said goes out on all of them, and whichever brings it
 * first is heard. Each text is numbered within a stream: one whose number was heard is a copy that came by a slower way, or
 * one that somebody has kept and plays again. In a room with a secret everything is sealed.
 *
 *     stream : number, and @ for one or * for all | text
 */
import type { NodeId } from '@flotilla/core'
import type { Carrier } from './relay.ts'
import type { Seal } from './seal.ts'
import { SeenNumbers } from './seen-numbers.ts'
import {
  assertSignalLength,
  type Broadcast,
  MAX_SIGNAL_LENGTH,
  type Signaling,
  type SignalingHandler,
} from './signaling.ts'

/** What stands before a text. */
const HEADER_LENGTH = 64
/** The longest text that fits on every way, in UTF-16 units: with its header, and sealed at three bytes a unit. */
export const MAX_BUS_LENGTH = MAX_SIGNAL_LENGTH - HEADER_LENGTH
export const MAX_SEALED_BUS_LENGTH = 8_000
/** Streams remembered; the one that was silent for longest goes first. */
const MAX_STREAMS = 512
/** Texts that wait to be opened; a flood beyond is dropped. */
const MAX_UNOPENED = 256

const HEADER = /^([0-9a-f]{32}):([0-9]{1,15})([@*])\|/

export interface SignalBusOptions {
  /** A name that nobody else has or had, 32 hexadecimal digits. */
  readonly stream: string
  readonly seal?: Seal | undefined
  /** One more way, besides those that lead into the room: through those who are linked already. */
  readonly passOn?: (text: string, to: NodeId | undefined) => void
  /** What was prepared last, for whoever can say it without us. */
  readonly prepared?: (broadcasts: readonly Broadcast[]) => void
}

export class SignalBus implements Signaling {
  readonly #ways: readonly Signaling[]
  readonly #options: SignalBusOptions
  readonly #heard = new Map<string, SeenNumbers>()
  #self: NodeId = ''
  #sent = 0
  #refused = 0
  #handler: SignalingHandler | undefined
  #left = false
  /** Sealing and opening take their time; what goes and what comes keeps its order. */
  #sealing: Promise<void> = Promise.resolve()
  #opening: Promise<void> = Promise.resolve()
  #unopened = 0

  constructor(ways: readonly Signaling[], options: SignalBusOptions) {
    this.#ways = ways
    this.#options = options
  }

  /** Texts that were none of this room's, or more than could be opened. */
  get refused(): number {
    return this.#refused
  }

  /** Resolves with the first way that is open; one that opens later is a return. Rejects when none can be. */
  async join(self: NodeId, handler: SignalingHandler): Promise<void> {
    this.#self = self
    this.#handler = handler
    let open = false
    const joining = this.#ways.map(async way => {
      await way.join(self, {
        onSignal: text => this.receive(text),
        onReturn: () => handler.onReturn(),
        onLost: () => handler.onLost?.(),
        onRelayed: message => !this.#left && handler.onRelayed?.(message),
      })
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
    const { seal, stream } = this.#options
    assertSignalLength(text, seal === undefined ? MAX_BUS_LENGTH : MAX_SEALED_BUS_LENGTH)
    if (this.#left) return
    this.#sent += 1
    const header = `${stream}:${this.#sent}${to === undefined ? '*' : '@'}|`
    if (seal === undefined) return this.#out(header + text, to)
    this.#sealing = this.#sealing.then(async () => this.#out(header + (await seal.seal(text, header + (to ?? ''))), to))
  }

  /**
   * Seals a text for all, to be said later and at once: a page that closes has no time left to seal one.
   *
   * @param stream of its own, for what is numbered meanwhile would make it look old. A name as that of the bus
   */
  prepare(text: string, stream: string): () => void {
    const { seal, prepared } = this.#options
    const header = `${stream}:1*|`
    let sealed: string | undefined
    const ready = (body: string): void => {
      sealed = header + body
      const asBroadcasts = (): Broadcast[] => this.#ways.flatMap(way => way.asBroadcast?.(header + body) ?? [])
      if (!this.#left) prepared?.(asBroadcasts())
    }
    if (seal === undefined) ready(text)
    else void seal.seal(text, header).then(ready)
    return () => {
      if (sealed === undefined) this.send(text)
      else if (!this.#left) this.#out(sealed, undefined)
    }
  }

  /** A text as it came in, by whatever way. */
  receive(text: string): void {
    const [header, stream, number, whom] = HEADER.exec(text) ?? []
    if (header === undefined || stream === undefined || number === undefined) return this.#refuse()
    const body = text.slice(header.length)
    const { seal } = this.#options
    if (seal === undefined) return this.#hear(stream, Number(number), body)
    if (this.#left || !this.#isNew(stream, Number(number))) return
    if (this.#unopened >= MAX_UNOPENED) return this.#refuse()
    this.#unopened += 1
    this.#opening = this.#opening.then(async () => {
      const opened = await seal.open(body, header + (whom === '@' ? this.#self : ''))
      this.#unopened -= 1
      if (opened === undefined) this.#refuse()
      else this.#hear(stream, Number(number), opened)
    })
  }

  /** Whether there is anybody who knows who is in the room. */
  get canTellWhoIsPresent(): boolean {
    return this.#ways.some(way => way.present !== undefined)
  }

  /** On any of the ways; `undefined` while one that could tell cannot be asked. */
  async present(): Promise<readonly NodeId[] | undefined> {
    const present = new Set<NodeId>()
    const told = await Promise.all(this.#ways.flatMap(way => (way.present === undefined ? [] : [way.present()])))
    for (const ids of told) {
      if (ids === undefined) return undefined
      for (const id of ids) present.add(id)
    }
    return [...present]
  }

  /** Whether one of the servers cannot be reached now. */
  get isLost(): boolean {
    return this.#ways.some(way => way.isLost === true)
  }

  /** Which servers have not answered, for messages; `undefined` where all have. */
  get whyClosed(): string | undefined {
    const unreached = this.#ways.flatMap(way => way.unreached ?? [])
    return unreached.length === 0 ? undefined : `no answer from the signalling server ${unreached.join(', ')}`
  }

  /** Those of the ways that carry bytes, too. */
  get carriers(): readonly Carrier[] {
    return this.#ways.flatMap(way =>
      way.relay === undefined
        ? []
        : [{ kind: 'server', carry: (message, to) => !this.#left && way.relay?.(message, to) === true }],
    )
  }

  /** What was said before still goes out. */
  leave(): void {
    if (this.#left) return
    this.#left = true
    const leave = (): void => {
      for (const way of this.#ways) way.leave()
    }
    if (this.#options.seal === undefined) leave()
    else this.#sealing.then(leave)
  }

  #out(text: string, to: NodeId | undefined): void {
    this.#options.passOn?.(text, to)
    for (const way of this.#ways) way.send(text, to)
  }

  /** Only here is a stream's number taken for said: whoever lacks the key could otherwise use the numbers up. */
  #hear(stream: string, number: number, text: string): void {
    if (this.#left || !this.#isNew(stream, number)) return
    const heard = this.#heard.get(stream) ?? new SeenNumbers()
    heard.add(number)
    this.#heard.delete(stream)
    this.#heard.set(stream, heard)
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= MAX_STREAMS) break
      this.#heard.delete(oldest)
    }
    this.#handler?.onSignal(text)
  }

  #isNew(stream: string, number: number): boolean {
    return number > 0 && this.#heard.get(stream)?.isNew(number) !== false
  }

  #refuse(): void {
    this.#refused += 1
  }
}
