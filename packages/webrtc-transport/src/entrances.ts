/**
 * The ways into a room by its keys. The front one is closed by today's; the others by those before it, where members that were
 * away when the key was changed are still looked for. Whoever was removed has those keys too. So at a back door this node says
 * nothing of itself, hears only those who are members and not linked, and tells everybody else that the key is not the room's any
 * more. Who a member is, its handshake has to prove.
 */
import type { Cancel, Clock } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { Allowance } from './allowance.ts'
import { decodeMeeting, encodeMeeting, isMeeting } from './meeting-signal.ts'
import type { Carrier } from './relay.ts'
import { decodeSignal } from './signal.ts'
import type { SignalBus } from './signal-bus.ts'

export interface Entrance {
  /** Undefined where the room has none. */
  readonly key: string | undefined
  readonly topic: string
  readonly bus: SignalBus
}

export interface EntrancesHost {
  readonly self: NodeId
  readonly clock: Clock
  open(key: string): Promise<Entrance>
  isMember(id: NodeId): boolean
  isLinked(id: NodeId): boolean
  /** Said by whoever has today's key, or seems to be a member. */
  onSignal(text: string): void
  /** Somebody who has today's key asks whether there is a room. */
  onMeeting(text: string): void
  /** Others may be in reach who were not: of today's key. */
  onReturn(): void
  /** A server cannot be reached. */
  onLost(): void
  /** Another key is today's. */
  onRekeyed(): void
  /** Our own key is not the room's any more. */
  onReplaced(): void
  /** Something that a server has carried from a peer. */
  onRelayed(message: Uint8Array<ArrayBuffer>): void
}

/** Peers remembered by where they were heard. */
const MAX_HEARD = 256
/** How many are told at once that they have an old key, and after so many milliseconds one more. */
const MAX_TOLD = 20
const TELL_AGAIN_MS = 500
/** An entrance that did not open is tried again after so long. Milliseconds. */
const TRY_AGAIN_MS = 5_000

export class Entrances implements Pick<SignalBus, 'send' | 'prepare'> {
  readonly #host: EntrancesHost
  readonly #back = new Set<Entrance>()
  readonly #heardAt = new Map<NodeId, Entrance>()
  /** Those that could not be entered, and are opened anew. */
  readonly #failed = new WeakSet<Entrance>()
  readonly #mayTell = new Allowance(MAX_TOLD, TELL_AGAIN_MS)
  #front: Entrance
  #turn: Promise<void> = Promise.resolve()
  #cancelRetry: Cancel = () => {}
  #left = false

  constructor(front: Entrance, host: EntrancesHost) {
    this.#front = front
    this.#host = host
  }

  get front(): Entrance {
    return this.#front
  }

  get refused(): number {
    return [this.#front, ...this.#back].reduce((sum, { bus }) => sum + bus.refused, 0)
  }

  /** Into the front one. Rejects when it cannot be entered. */
  join(): Promise<void> {
    return this.#join(this.#front)
  }

  /** To everyone who has today's key, or to one, wherever that one was heard last. */
  send(text: string, to?: NodeId): void {
    const at = (to === undefined ? undefined : this.#heardAt.get(to)) ?? this.#front
    at.bus.send(text, to)
  }

  /** To everyone who has the key of this moment (`SignalBus.prepare`). */
  prepare(text: string, stream: string): () => void {
    return this.#front.bus.prepare(text, stream)
  }

  /** What both sides have to agree on, where the other is this one. */
  topicOf(peer: NodeId): string {
    return (this.#heardAt.get(peer) ?? this.#front).topic
  }

  /** Servers that carry bytes to this one. */
  carriersTo(peer: NodeId): readonly Carrier[] {
    return (this.#heardAt.get(peer) ?? this.#front).bus.carriers
  }

  /** A text that came through somebody who is linked. */
  receive(text: string): void {
    this.#front.bus.receive(text)
    for (const { bus } of this.#back) bus.receive(text)
  }

  /** The last of these closes the room from now on; the others are its back doors. */
  rekey(keys: readonly string[]): void {
    this.#turn = this.#turn.then(() => this.#rekey(keys)).catch(() => this.#tryAgain(keys))
  }

  leave(): void {
    this.#left = true
    this.#cancelRetry()
    for (const { bus } of [this.#front, ...this.#back]) bus.leave()
  }

  async #rekey(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      if (this.#left) return
      const before = this.#of(key)
      if (before !== undefined && !this.#failed.has(before)) continue
      const opened = await this.#host.open(key)
      if (this.#left) return
      if (before !== undefined && before === this.#front) this.#front = opened
      else this.#back.add(opened)
      if (before !== undefined) this.#close(before)
      this.#join(opened).then(
        () => opened === this.#front && this.#host.onReturn(),
        () => this.#gone(opened, keys),
      )
    }
    const front = this.#of(keys.at(-1))
    if (front !== undefined && front !== this.#front) {
      this.#back.add(this.#front)
      this.#back.delete(front)
      this.#front = front
      this.#host.onRekeyed()
    }
    for (const entrance of [...this.#back]) if (!keys.includes(entrance.key ?? '')) this.#close(entrance)
  }

  #of(key: string | undefined): Entrance | undefined {
    return [this.#front, ...this.#back].find(entrance => entrance.key === key)
  }

  #join(entrance: Entrance): Promise<void> {
    return entrance.bus.join(this.#host.self, {
      onSignal: text => (entrance === this.#front ? this.#atFront(text) : this.#atBack(entrance, text)),
      onReturn: () => entrance === this.#front && this.#host.onReturn(),
      onLost: () => entrance === this.#front && this.#host.onLost(),
      onRelayed: message => this.#host.onRelayed(message),
    })
  }

  /** It could not be entered. It stays until it is tried again: those who are linked pass on what is said there. */
  #gone(entrance: Entrance, keys: readonly string[]): void {
    this.#failed.add(entrance)
    this.#tryAgain(keys)
  }

  #tryAgain(keys: readonly string[]): void {
    const { clock } = this.#host
    this.#cancelRetry()
    if (!this.#left) this.#cancelRetry = clock.setTimer(clock.now() + TRY_AGAIN_MS, () => this.rekey(keys))
  }

  #close(entrance: Entrance): void {
    this.#back.delete(entrance)
    entrance.bus.leave()
    for (const [peer, at] of this.#heardAt) if (at === entrance) this.#heardAt.delete(peer)
  }

  #atFront(text: string): void {
    if (isMeeting(text)) {
      if (decodeMeeting(text)?.step === 'moved') this.#host.onReplaced()
      else this.#host.onMeeting(text)
      return
    }
    if (this.#heardAt.size > 0) this.#heardAt.delete(decodeSignal(text)?.from ?? '')
    this.#host.onSignal(text)
  }

  #atBack(entrance: Entrance, text: string): void {
    const { isMember, isLinked, onSignal, clock, self } = this.#host
    const from = isMeeting(text) ? decodeMeeting(text)?.from : decodeSignal(text)?.from
    if (from === undefined || from === self) return
    if (isMeeting(text) || !isMember(from)) {
      // Those who tell the same are not told it back.
      const isNews = decodeMeeting(text)?.step !== 'moved' && this.#mayTell.take(clock.now())
      if (isNews) entrance.bus.send(encodeMeeting({ from: self, step: 'moved' }), from)
      return
    }
    // Whoever has an old key could take a member's link down by its name.
    if (isLinked(from)) return
    this.#heardAt.delete(from)
    this.#heardAt.set(from, entrance)
    for (const oldest of this.#heardAt.keys()) {
      if (this.#heardAt.size <= MAX_HEARD) break
      this.#heardAt.delete(oldest)
    }
    onSignal(text)
  }
}
