/**
 * Who makes the room. Two browsers that open a fresh room in the same moment must not make two clusters, and there is no
 * storage that they share. So whoever has nothing of the room asks first who is there. Somebody who is in a cluster: join
 * it. Only others who are as fresh: the smallest of them asks the rest whether it may, and makes it when all agree. Nobody:
 * make it at once.
 *
 * That nobody else is there is known from a signalling server: it lets them in one after the other, so of two that come at
 * once at least one sees the other, and waits for a word of it. Without a server (a BroadcastChannel) a while of silence
 * has to do; and while the server cannot be asked, nobody makes anything.
 */
import type { Cancel, Clock } from '@flotilla/cluster'
import { decodeMeeting, encodeMeeting, type MeetingStep } from './meeting-signal.ts'
import type { SignalBus } from './signal-bus.ts'

export type Decision = 'create' | 'join'

/** How often whoever is fresh says so, and looks whether it can decide. Milliseconds. */
const SAY_EVERY_MS = 250
/** Who was silent for so long has gone. Milliseconds. */
const GONE_AFTER_MS = 2_000
/** How long to wait for a word where nobody knows who is there. Milliseconds. */
const SILENCE_MS = 750
/** Whoever said that it makes the room gets so long to be in it. Milliseconds. */
const PATIENCE_MS = 5_000
/** Whoever makes the room answers for it for so long, until its node does. Milliseconds. */
const LINGER_MS = 15_000

export interface MeetingHost {
  readonly self: string
  readonly bus: Pick<SignalBus, 'send' | 'present' | 'canTellWhoIsPresent'>
  readonly clock: Clock
  decided(decision: Decision): void
  /** There is a room, and its key is another by now. */
  replaced(): void
  /** It has nothing to say any more. */
  over(): void
}

export class Meeting {
  readonly #host: MeetingHost
  readonly #begunAt: number
  /** Others who are fresh, and when they last said so. */
  readonly #fresh = new Map<string, number>()
  /** Nodes that wait to be let in: they are there, and make nothing. */
  readonly #waiting = new Map<string, number>()
  /** Those who agreed that we make it. */
  readonly #agreed = new Set<string>()
  /** Whom we have let make it, and until when. */
  #promisedUntil = Number.NEGATIVE_INFINITY
  #decision: Decision | undefined
  #cancelTimer: Cancel = () => {}

  constructor(host: MeetingHost) {
    this.#host = host
    this.#begunAt = host.clock.now()
    this.#look()
  }

  receive(text: string): void {
    const signal = decodeMeeting(text)
    if (signal === undefined || signal.from === this.#host.self) return
    const { from, step } = signal
    if (this.#decision !== undefined) {
      if (this.#decision === 'create' && (step === 'fresh' || step === 'claim')) this.#say('here', from)
      return
    }
    const now = this.#host.clock.now()
    switch (step) {
      case 'here':
        return this.#decide('join')
      case 'moved':
        this.stop()
        this.#host.over()
        return this.#host.replaced()
      case 'waiting':
        this.#waiting.set(from, now)
        return
      case 'fresh':
        if (!this.#fresh.has(from)) this.#say('fresh', from)
        this.#fresh.set(from, now)
        return
      case 'claim':
        this.#fresh.set(from, now)
        if (this.#smallestFresh() !== from) return
        this.#promisedUntil = now + PATIENCE_MS
        return this.#say('agree', from)
      case 'agree':
        if (this.#fresh.has(from)) this.#agreed.add(from)
        if (this.#isAgreed()) this.#decide('create')
        return
      default:
        step satisfies never
    }
  }

  /** The page is gone, or does not want to know any more. */
  stop(): void {
    this.#cancelTimer()
  }

  #look(): void {
    const { clock, bus } = this.#host
    this.#say('fresh')
    this.#cancelTimer = clock.setTimer(clock.now() + SAY_EVERY_MS, () => this.#look())
    if (bus.canTellWhoIsPresent) void bus.present().then(others => this.#consider(others))
    else if (clock.now() >= this.#begunAt + SILENCE_MS) this.#consider([])
  }

  /** @param others who else is there; `undefined` if that is not known */
  #consider(others: readonly string[] | undefined): void {
    if (this.#decision !== undefined) return
    const now = this.#host.clock.now()
    for (const heard of [this.#fresh, this.#waiting]) {
      for (const [id, at] of heard) if (at + GONE_AFTER_MS < now) heard.delete(id)
    }
    for (const id of this.#agreed) if (!this.#fresh.has(id)) this.#agreed.delete(id)
    const allHeard = others?.every(id => this.#fresh.has(id) || this.#waiting.has(id))
    if (!allHeard || now < this.#promisedUntil || this.#smallestFresh() !== this.#host.self) return
    if (this.#isAgreed()) return this.#decide('create')
    for (const id of this.#fresh.keys()) this.#say('claim', id)
  }

  #isAgreed(): boolean {
    return [...this.#fresh.keys()].every(id => this.#agreed.has(id))
  }

  #smallestFresh(): string {
    const [smallest = this.#host.self] = [this.#host.self, ...this.#fresh.keys()].sort()
    return smallest
  }

  #decide(decision: Decision): void {
    const { clock, bus, decided, over } = this.#host
    this.#decision = decision
    this.#cancelTimer()
    decided(decision)
    if (decision === 'join') return over()
    bus.send(encodeMeeting({ from: this.#host.self, step: 'here' }))
    this.#cancelTimer = clock.setTimer(clock.now() + LINGER_MS, over)
  }

  #say(step: MeetingStep, to?: string): void {
    this.#host.bus.send(encodeMeeting({ from: this.#host.self, step }), to)
  }
}
