/**
 * One session of another node, as seen from here: not linked, connecting, or up; and what is tried next.
 *
 * The smaller id offers and the greater asks it to, so two offers never cross. Each attempt to connect has its own name,
 * and whatever belongs to an older attempt is dropped.
 */
import type { Cancel, Clock, Lane } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { backoffMs } from './backoff.ts'
import type { Connect, Connection } from './connection.ts'
import type { Control } from './control.ts'
import { Handshake } from './handshake.ts'
import { Link } from './link.ts'
import type { Negotiation } from './signal.ts'

/** An attempt that is not up by then has failed. Milliseconds. */
const CONNECT_TIMEOUT_MS = 6_000
/** A lost link is tried again after this, then after twice as long, and so on. Milliseconds. */
const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 10_000
/** After so many attempts in a row without success we wait until the peer is heard again. */
const MAX_FAILURES = 4
/** A link that was up for less has failed too: otherwise one that breaks at once would be tried for ever. Milliseconds. */
const STABLE_AFTER_MS = 5_000
/** Room for the frames of a closing tab to arrive after its bye, which takes another way. Milliseconds. */
const BYE_GRACE_MS = 250
/** More candidates than any machine has; they wait in memory until the description is there. */
const MAX_CANDIDATES = 64

export interface Surroundings {
  readonly clock: Clock
  readonly random: () => number
  readonly connect: Connect
  /** A name for an attempt that nobody can guess. */
  readonly newName: () => string
  /** Where everyone has to prove who it is: what we prove it with. Nothing else passes a channel before that. */
  readonly credentials?: Credentials | undefined
}

export interface Credentials {
  readonly self: NodeId
  readonly keys: CryptoKeyPair
  readonly topic: string
}

interface NeighborHandler {
  onUp(): void
  onDown(): void
  onFrame(frame: Uint8Array): void
  /** A signal that it passes on. */
  onSignal(signal: Extract<Control, { kind: 'signal' }>): void
  /** It says on the channel that it is going. */
  onBye(): void
  /** It is not looked for any more. */
  onGivenUp(): void
  /** It says on the channel whether it wants it. */
  onWanted(): void
  /** Whether we want a link to it. If neither does, none is looked for, and none is kept. */
  isWanted(): boolean
  /** Whoever is at the other end is not the node that it is said to be. */
  onImpostor(why: string): void
  /** It sends garbage. */
  onAbuse(): void
  /** It said bye, and its link is down. */
  onGone(): void
  sendPleaseOffer(): void
  sendNegotiation(link: string, negotiation: Negotiation): void
}

interface Attempt {
  readonly name: string
  readonly connection: Connection
  answered: boolean
  candidates: number
  /** Open, and not proven yet. */
  channel: Link | undefined
  handshake: Handshake | undefined
}

export class Neighbor {
  readonly id: NodeId
  readonly session: string
  /** When a signal of this session last came. */
  heardAt: number
  readonly #weOffer: boolean
  readonly #surroundings: Surroundings
  readonly #handler: NeighborHandler
  #attempt: Attempt | undefined
  #link: Link | undefined
  #failures = 0
  #leaving = false
  /** An attempt is under way, or will be made. */
  #isTrying = false
  /** What we said last over this link, and what the other end did. */
  #toldWanted = true
  #isWantedThere = true
  #cancelTimer: Cancel = () => {}

  constructor(id: NodeId, session: string, weOffer: boolean, surroundings: Surroundings, handler: NeighborHandler) {
    this.id = id
    this.session = session
    this.heardAt = surroundings.clock.now()
    this.#weOffer = weOffer
    this.#surroundings = surroundings
    this.#handler = handler
  }

  get link(): Link | undefined {
    return this.#link
  }

  /** It was tried in vain, and is not tried again before it is heard again. */
  get hasGivenUp(): boolean {
    return this.#attempt === undefined && this.#failures >= MAX_FAILURES
  }

  /** A link that neither end wants. */
  get isSpare(): boolean {
    return this.#link !== undefined && !this.#toldWanted && !this.#isWantedThere
  }

  send(frame: Uint8Array, lane: Lane): void {
    this.#link?.send(frame, lane)
  }

  /** It is there: connect if we want to, unless that is done or under way. Otherwise it is up to the other. */
  onHello(): void {
    if (this.#attempt !== undefined || this.#leaving) return
    this.#failures = 0
    if (this.#handler.isWanted()) this.#tryNow()
  }

  /** We may want a link now that we did not want before, or the other way round. */
  reconsider(): void {
    const wanted = this.#handler.isWanted()
    if (this.#link !== undefined) this.#tellWanted(wanted)
    else if (wanted && !this.#isTrying && !this.hasGivenUp && !this.#leaving) this.#tryNow()
  }

  /** Takes down a link that nobody wants. */
  part(): void {
    this.#link?.flushUrgent()
    this.#drop()
  }

  /** It has no link to us. If we think we have one, that one is dead. */
  onPleaseOffer(): void {
    const connecting = this.#attempt !== undefined && this.#link === undefined
    if (!this.#weOffer || connecting || this.#leaving) return
    this.#drop()
    this.#tryNow()
  }

  /** Whether this can be the next word of a dialogue. Late ones of an older attempt can, and change nothing. */
  onNegotiation(name: string, negotiation: Negotiation): boolean {
    const attempt = this.#attempt?.name === name ? this.#attempt : undefined
    switch (negotiation.type) {
      case 'offer':
        if (this.#weOffer) return false
        if (attempt === undefined && !this.#leaving) {
          this.#drop()
          this.#begin(name).connection.negotiate(negotiation)
        }
        return true
      case 'answer':
        if (!this.#weOffer) return false
        if (attempt === undefined || attempt.answered) return true
        attempt.answered = true
        attempt.connection.negotiate(negotiation)
        return true
      case 'candidate':
        if (attempt === undefined) return true
        attempt.candidates += 1
        if (attempt.candidates > MAX_CANDIDATES) return false
        attempt.connection.negotiate(negotiation)
        return true
      default:
        return negotiation satisfies never
    }
  }

  /** It is going. The frames it sent before may still be on their way; the channel closes after them, or never does. */
  onBye(): void {
    this.#leaving = true
    if (this.#link === undefined) return this.#gone()
    this.#setTimer(BYE_GRACE_MS, () => this.#gone())
  }

  /** For good. What is urgent and still here goes out if the browser lets it. */
  close(): void {
    this.#link?.flushUrgent()
    this.#leaving = true
    this.#drop()
  }

  #tellWanted(wanted: boolean): void {
    if (this.#toldWanted === wanted) return
    this.#toldWanted = wanted
    this.#link?.sendControl({ kind: 'wanted', wanted })
  }

  #gone(): void {
    this.#drop()
    this.#handler.onGone()
  }

  #tryNow(): void {
    this.#isTrying = true
    if (!this.#weOffer) {
      this.#handler.sendPleaseOffer()
      this.#setTimer(CONNECT_TIMEOUT_MS, () => this.#failed())
      return
    }
    this.#begin(this.#surroundings.newName())
  }

  #begin(name: string): Attempt {
    this.#isTrying = true
    // What a connection calls while it is being made, or after another took its place, is about nothing of ours.
    const current = (): boolean => this.#attempt === attempt
    const connection = this.#surroundings.connect(this.#weOffer, {
      onNegotiation: negotiation => current() && this.#handler.sendNegotiation(name, negotiation),
      onOpen: () => current() && this.#opened(attempt),
      onMessage: message => current() && attempt.channel?.receive(message),
      onWritable: () => current() && attempt.channel?.pump(),
      onClose: () => current() && this.#lost(),
    })
    const attempt: Attempt = {
      name,
      connection,
      answered: false,
      candidates: 0,
      channel: undefined,
      handshake: undefined,
    }
    this.#attempt = attempt
    this.#setTimer(CONNECT_TIMEOUT_MS, () => this.#lost())
    return attempt
  }

  /** There is a channel; who is at its other end is to be shown. */
  #opened(attempt: Attempt): void {
    const { clock, credentials } = this.#surroundings
    const current = (): boolean => this.#attempt === attempt
    const channel = new Link(attempt.connection, () => clock.now(), {
      onFrame: frame => {
        if (this.#link === channel) this.#handler.onFrame(frame)
        else this.#impostor('sent frames before it had shown who it is')
      },
      onControl: control => current() && this.#onControl(attempt, control),
      onAbuse: () => current() && this.#handler.onAbuse(),
      onBroken: () => current() && this.#lost(),
    })
    attempt.channel = channel
    if (credentials === undefined) return this.#up(channel)
    const { fingerprints } = attempt.connection
    if (fingerprints === undefined) return this.#impostor('its certificate cannot be told')
    attempt.handshake = new Handshake({
      ...credentials,
      peer: this.id,
      fingerprints,
      send: control => current() && channel.sendControl(control),
      onProven: () => current() && this.#up(channel),
      onRefused: why => current() && this.#impostor(why),
    })
  }

  #onControl({ channel, handshake }: Attempt, control: Control): void {
    if (this.#link !== channel) return handshake?.receive(control)
    if (control.kind === 'signal') this.#handler.onSignal(control)
    else if (control.kind === 'bye') this.#handler.onBye()
    else if (control.kind === 'wanted') {
      this.#isWantedThere = control.wanted
      this.#handler.onWanted()
    }
  }

  #up(link: Link): void {
    this.#cancelTimer()
    this.#isTrying = false
    this.#link = link
    this.#toldWanted = true
    this.#isWantedThere = true
    this.#handler.onUp()
    this.#tellWanted(this.#handler.isWanted())
  }

  #impostor(why: string): void {
    this.#handler.onImpostor(why)
    this.#lost()
  }

  #lost(): void {
    const stable =
      this.#link !== undefined && this.#link.stats().upSince + STABLE_AFTER_MS <= this.#surroundings.clock.now()
    if (stable) this.#failures = 0
    this.#drop()
    if (this.#leaving) this.#handler.onGone()
    else this.#failed()
  }

  #failed(): void {
    this.#isTrying = false
    if (!this.#handler.isWanted()) return
    this.#failures += 1
    if (this.#failures >= MAX_FAILURES) return this.#handler.onGivenUp()
    const { random } = this.#surroundings
    this.#isTrying = true
    this.#setTimer(backoffMs(this.#failures - 1, FIRST_RETRY_MS, LONGEST_RETRY_MS, random), () => this.#tryNow())
  }

  #drop(): void {
    this.#cancelTimer()
    this.#isTrying = false
    const wasUp = this.#link !== undefined
    const attempt = this.#attempt
    this.#link = undefined
    this.#attempt = undefined
    attempt?.handshake?.stop()
    attempt?.connection.destroy()
    if (wasUp) this.#handler.onDown()
  }

  #setTimer(afterMs: number, fire: () => void): void {
    this.#cancelTimer()
    const { clock } = this.#surroundings
    this.#cancelTimer = clock.setTimer(clock.now() + afterMs, fire)
  }
}
