/**
 * One session of another node, as seen from here: not linked, connecting, or up; and what is tried next.
 *
 * The smaller id offers and the greater asks it to, so two offers never cross. Each attempt to connect has its own name,
 * and whatever belongs to an older attempt is dropped.
 *
 * Where no direct channel comes about in some seconds, the link runs over a relayed one, and a direct one is tried again
 * and again. As soon as that is there, each end says on the relayed channel that this was the last of it, and goes on
 * by the direct one when the other has answered there: so nothing is lost or overtaken, and nothing comes twice.
 */
import type { Clock, Lane, ObstacleKind } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { Alarm } from './alarm.ts'
import { Attempt, type Credentials, type Way } from './attempt.ts'
import { backoffMs } from './backoff.ts'
import type { Connect } from './connection.ts'
import type { Control } from './control.ts'
import { Link } from './link.ts'
import type { RelayWay } from './relay.ts'
import type { SignsOfLife } from './sign-of-life.ts'
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
/** How long a direct channel may take before a relayed one is tried as well. Milliseconds. */
export const RELAY_AFTER_MS = 3_000
/** While a link is relayed, a direct channel is tried again after this, and then ever more rarely. Milliseconds. */
const FIRST_DIRECT_RETRY_MS = 4_000
export const LONGEST_DIRECT_RETRY_MS = 30_000
/** A link that has not moved to its direct channel by then starts over. Milliseconds. */
const MOVE_WITHIN_MS = 2_000

export interface Surroundings {
  readonly clock: Clock
  readonly random: () => number
  readonly connect: Connect
  /** A way for the connection `name`, attempt number `attempt`, where there is somebody who carries it. */
  readonly relayTo?: ((peer: NodeId, attempt: number, name: string) => RelayWay | undefined) | undefined
  /** A name for an attempt that nobody can guess. */
  readonly newName: () => string
  /** Where everyone has to prove who it is: what we prove it with. Nothing else passes a channel before that. */
  readonly credentials?: Credentials | undefined
  /** Where the browser tells of a tab that is gone. */
  readonly signs?: SignsOfLife | undefined
}

interface NeighborHandler {
  /** Whether we want a link to it. */
  isWanted(): boolean
  /** It wants the link, or does not any more. */
  onWanted(): void
  /** Nothing is tried any more before it is heard again. */
  onGivenUp(): void
  onUp(): void
  onDown(): void
  /** The link is up as before, and goes by another way. */
  onMoved(): void
  onFrame(frame: Uint8Array): void
  /** What it says, or wants carried, beside its frames. */
  onWord(word: Word): void
  /** It says that it is going. */
  onLeaving(): void
  /** Something else stands in the way of a direct link. */
  onObstacle(): void
  /** Whoever is at the other end is not the node that it is said to be. */
  onImpostor(why: string): void
  /** It sends garbage. */
  onAbuse(): void
  /** It said bye, and its link is down. */
  onGone(): void
  sendPleaseOffer(): void
  sendNegotiation(link: string, negotiation: Negotiation): void
}

/** What concerns others than the two ends of a link. */
export type Word = Extract<Control, { kind: 'signal' | 'carry' | 'carried' | 'cannotCarry' }>

export class Neighbor {
  readonly id: NodeId
  readonly session: string
  /** When a signal of this session last came. */
  heardAt: number
  readonly #weOffer: boolean
  readonly #surroundings: Surroundings
  readonly #handler: NeighborHandler
  #direct: Attempt | undefined
  #relayed: Attempt | undefined
  #link: Link | undefined
  /** The channel whose fragments are the link's. The one it sends by lags behind while it moves. */
  #listening: Attempt | undefined
  #sending: Attempt | undefined
  #provenKey: CryptoKey | undefined
  #failures = 0
  #relayFailures = 0
  #relaysTried = 0
  #wasRelayed = false
  #obstacle: ObstacleKind | undefined
  #isTrying = false
  /** What we said of the link, and the other end did. */
  #toldWanted = true
  #isWantedThere = true
  #leaving = false
  /** Asked for once it has proven who it is; also while its link is down, which may be the first to go with its tab. */
  #forgetEnd: (() => void) | undefined
  /** Of the direct attempt: its end, or the next. */
  readonly #alarm: Alarm
  readonly #relayAlarm: Alarm
  readonly #moveAlarm: Alarm

  constructor(id: NodeId, session: string, weOffer: boolean, surroundings: Surroundings, handler: NeighborHandler) {
    const { clock } = surroundings
    this.id = id
    this.session = session
    this.heardAt = clock.now()
    this.#weOffer = weOffer
    this.#surroundings = surroundings
    this.#handler = handler
    this.#alarm = new Alarm(clock)
    this.#relayAlarm = new Alarm(clock)
    this.#moveAlarm = new Alarm(clock)
  }

  get link(): Link | undefined {
    return this.#link
  }

  /** Why there is no direct link, once it was tried. */
  get obstacle(): ObstacleKind | undefined {
    return this.#obstacle
  }

  /** With which this session has proven who it is, where that is asked. */
  get provenKey(): CryptoKey | undefined {
    return this.#provenKey
  }

  /** How the link goes; `undefined` without one. */
  get way(): Way | undefined {
    return this.#sending?.way
  }

  /** It was tried in vain, and is not tried again before it is heard again. */
  get hasGivenUp(): boolean {
    const idle = this.#link === undefined && this.#direct === undefined && this.#relayed === undefined
    return idle && this.#failures >= MAX_FAILURES
  }

  /** A link that neither end wants. */
  get isSpare(): boolean {
    return this.#link !== undefined && !this.#toldWanted && !this.#isWantedThere
  }

  send(frame: Uint8Array, lane: Lane): void {
    this.#link?.send(frame, lane)
  }

  /** Ahead of all frames that wait. `false`: it was dropped, or there is no link. */
  sendControl(control: Control): boolean {
    return (this.#isMoving ? this.#direct : this.#sending)?.sendControl(control) ?? false
  }

  /** It is there: connect if we want to, unless that is done or under way. Otherwise it is up to the other. */
  onHello(): void {
    if (this.#direct !== undefined || this.#relayed !== undefined || this.#leaving) return
    this.#failures = 0
    this.#relayFailures = 0
    if (this.#handler.isWanted()) this.#tryNow()
  }

  /** We may want a link now that we did not want before, or the other way round. */
  reconsider(): void {
    const wanted = this.#handler.isWanted()
    if (this.#link !== undefined) this.#tellWanted(wanted)
    else if (wanted && !this.#isTrying && this.#relayed === undefined && !this.hasGivenUp && !this.#leaving)
      this.#tryNow()
  }

  /** Takes down a link that nobody wants. */
  part(): void {
    this.#link?.flushUrgent()
    this.#drop()
  }

  /** It has no link to us. If we think we have one, that one is dead. */
  onPleaseOffer(): void {
    if (!this.#weOffer || this.#leaving) return
    if (this.#link !== undefined) this.#drop()
    if (this.#direct === undefined) this.#tryNow()
  }

  /** The network is another: what was out of reach may be in reach. */
  tryDirectNow(): void {
    if (this.#link === undefined || this.#direct !== undefined || !this.#weOffer || this.#leaving) return
    this.#failures = 0
    this.#tryNow()
  }

  /** Whether this can be the next word of a dialogue. Late ones of an older attempt can, and change nothing. */
  onNegotiation(name: string, negotiation: Negotiation): boolean {
    const attempt = [this.#direct, this.#relayed].find(attempt => attempt?.name === name)
    switch (negotiation.type) {
      case 'offer':
        if (this.#weOffer) return false
        if (attempt === undefined && !this.#leaving) this.#accept(name, negotiation)
        return true
      case 'relayOffer':
        if (this.#weOffer) return false
        if (attempt === undefined && !this.#leaving) this.#acceptRelayed(name, negotiation)
        return true
      case 'answer':
      case 'relayAnswer':
        if (!this.#weOffer) return false
        if (attempt === this.#attemptFor(negotiation)) attempt?.negotiate(negotiation)
        return true
      case 'candidate':
        return attempt === undefined || attempt !== this.#direct || attempt.negotiate(negotiation)
      default:
        return negotiation satisfies never
    }
  }

  /** It is going. The frames it sent before may still be on their way; the channel closes after them, or never does. */
  onBye(): void {
    if (this.#leaving) return
    this.#leaving = true
    this.#handler.onLeaving()
    if (this.#link === undefined) return this.#gone()
    this.#alarm.set(BYE_GRACE_MS, () => this.#gone())
  }

  /** For good. What is urgent and still here goes out if the browser lets it. */
  close(): void {
    this.#link?.flushUrgent()
    this.#leaving = true
    this.#forgetEnd?.()
    this.#drop()
  }

  get #isMoving(): boolean {
    return this.#moveAlarm.isSet
  }

  #attemptFor({ type }: Negotiation): Attempt | undefined {
    return type === 'answer' ? this.#direct : this.#relayed
  }

  #tellWanted(wanted: boolean): void {
    if (this.#toldWanted === wanted) return
    this.#toldWanted = wanted
    this.sendControl({ kind: 'wanted', wanted })
  }

  #gone(): void {
    this.#drop()
    this.#handler.onGone()
  }

  #tryNow(): void {
    this.#isTrying = true
    this.#relayLater()
    if (this.#weOffer) return void this.#begin(this.#surroundings.newName())
    // A link that is relayed says by itself that a direct one is wanted.
    if (this.#link !== undefined) return
    this.#handler.sendPleaseOffer()
    this.#alarm.set(CONNECT_TIMEOUT_MS, () => {
      this.#meets('Silent')
      this.#failed()
    })
  }

  #accept(name: string, offer: Negotiation): void {
    // Over a relayed link the offer is for a better one; otherwise who offers has none.
    if (this.#sending?.way === 'direct' || this.#isMoving) this.#drop()
    this.#direct?.stop()
    this.#begin(name).negotiate(offer)
  }

  #acceptRelayed(name: string, offer: Negotiation): void {
    if (this.#link !== undefined) this.#drop()
    this.#relayed?.stop()
    this.#beginRelayed(name)?.negotiate(offer)
  }

  #begin(name: string): Attempt {
    this.#isTrying = true
    const attempt = this.#attempt(name, 'direct', this.#surroundings.connect)
    this.#direct = attempt
    this.#alarm.set(CONNECT_TIMEOUT_MS, () => this.#lost(attempt))
    return attempt
  }

  /** The smaller id offers here, too. */
  #relayLater(): void {
    if (!this.#weOffer || this.#link !== undefined || this.#relayed !== undefined || this.#relayAlarm.isSet) return
    if (this.#surroundings.relayTo === undefined) return
    this.#relayAlarm.set(this.#wasRelayed ? FIRST_RETRY_MS : RELAY_AFTER_MS, () => {
      if (this.#beginRelayed(this.#surroundings.newName()) === undefined) this.#relayFailed()
    })
  }

  #beginRelayed(name: string): Attempt | undefined {
    const way = this.#surroundings.relayTo?.(this.id, this.#relaysTried++, name)
    if (way === undefined) return undefined
    const attempt = this.#attempt(name, way.kind, way.connect)
    this.#relayed = attempt
    this.#relayAlarm.set(CONNECT_TIMEOUT_MS, () => this.#lost(attempt))
    return attempt
  }

  #attempt(name: string, way: Way, connect: Connect): Attempt {
    const attempt: Attempt = new Attempt({
      name,
      way,
      connect,
      initiator: this.#weOffer,
      peer: this.id,
      credentials: this.#surroundings.credentials,
      handler: {
        onNegotiation: negotiation => this.#handler.sendNegotiation(name, negotiation),
        onProven: key => {
          this.#provenKey = key
          this.#proven(attempt)
        },
        onImpostor: why => {
          this.#handler.onImpostor(why)
          this.#lost(attempt, 'Impostor')
        },
        onFragment: message => {
          if (attempt === this.#listening) this.#link?.receive(message)
          else this.#lost(attempt)
        },
        onControl: control => this.#onControl(attempt, control),
        onWritable: () => {
          if (attempt === this.#sending) this.#link?.pump()
        },
        onClosed: () => this.#lost(attempt),
      },
    })
    return attempt
  }

  #proven(attempt: Attempt): void {
    if (this.#link !== undefined) return this.#move(this.#link, attempt)
    const { clock } = this.#surroundings
    const link: Link = new Link(attempt, () => clock.now(), {
      onFrame: frame => this.#link === link && this.#handler.onFrame(frame),
      onAbuse: () => this.#handler.onAbuse(),
      onBroken: () => this.#sending !== undefined && this.#lost(this.#sending),
    })
    this.#link = link
    this.#listening = attempt
    this.#sending = attempt
    this.#isTrying = false
    this.#toldWanted = true
    this.#isWantedThere = true
    this.#forgetEnd ??= this.#surroundings.signs?.whenOver(this.id, this.session, () => this.onBye())
    this.#settle(attempt)
    this.#handler.onUp()
    this.#tellWanted(this.#handler.isWanted())
  }

  /** What is tried now that the link goes by this channel. */
  #settle(attempt: Attempt): void {
    this.#relayAlarm.cancel()
    this.#wasRelayed = attempt.way !== 'direct'
    if (attempt.way !== 'direct') {
      if (this.#weOffer && this.#direct === undefined) this.#tryDirectLater()
      return
    }
    this.#meets(undefined)
    this.#alarm.cancel()
    this.#failures = 0
    this.#relayFailures = 0
    this.#relaysTried = 0
    this.#relayed?.stop()
    this.#relayed = undefined
  }

  /** A direct channel is there, and the link is relayed. */
  #move(link: Link, direct: Attempt): void {
    if (direct !== this.#direct || this.#relayed === undefined) return this.#lost(direct)
    this.#alarm.cancel()
    link.hold()
    this.#moveAlarm.set(MOVE_WITHIN_MS, () => this.#lost(direct))
    this.#relayed.sendControl({ kind: 'moved' })
    if (this.#listening === direct) direct.sendControl({ kind: 'arrived' })
  }

  /** The other end sends no more by the relayed channel. */
  #onMoved(attempt: Attempt): void {
    const direct = this.#direct
    if (attempt !== this.#relayed || direct === undefined || this.#listening === direct) return this.#lost(attempt)
    this.#listening = direct
    // If not, ours is about to be: the other has our word that we checked its proof.
    if (direct.isProven) direct.sendControl({ kind: 'arrived' })
    this.#haveMoved()
  }

  /** The other end has all that we sent by the relayed channel. */
  #onArrived(attempt: Attempt): void {
    if (attempt !== this.#direct || !this.#isMoving) return this.#lost(attempt)
    this.#moveAlarm.cancel()
    this.#sending = attempt
    this.#haveMoved()
    this.#link?.goOn(attempt)
  }

  #haveMoved(): void {
    const direct = this.#direct
    if (direct === undefined || this.#listening !== direct || this.#sending !== direct) return
    this.#settle(direct)
    this.#handler.onMoved()
  }

  #onControl(attempt: Attempt, control: Control | undefined): void {
    switch (control?.kind) {
      case 'signal':
      case 'carry':
      case 'carried':
      case 'cannotCarry':
        return this.#handler.onWord(control)
      case 'bye':
        return this.onBye()
      case 'wanted':
        this.#isWantedThere = control.wanted
        return this.#handler.onWanted()
      case 'moved':
        return this.#onMoved(attempt)
      case 'arrived':
        return this.#onArrived(attempt)
      case 'introduction':
      case 'proof':
      case 'ready':
        return
      case undefined:
        return this.#link?.bad()
      default:
        control satisfies never
    }
  }

  /** This channel is gone, or of no use. If the link needs it, the link is gone too. */
  #lost(attempt: Attempt, why: ObstacleKind = attempt.obstacle): void {
    // All that we sent by it has gone, and all of the other's has come: only its word for that is missing.
    if (attempt === this.#relayed && this.#isMoving && this.#listening === this.#direct) {
      attempt.stop()
      this.#relayed = undefined
      return
    }
    const needed =
      this.#link !== undefined && (attempt === this.#sending || attempt === this.#listening || this.#isMoving)
    if (needed) return this.#lostLink()
    attempt.stop()
    if (attempt === this.#direct) {
      this.#direct = undefined
      this.#meets(why)
      this.#failed()
    } else if (attempt === this.#relayed) {
      this.#relayed = undefined
      this.#relayFailed()
    }
  }

  #lostLink(): void {
    const { clock } = this.#surroundings
    const upSince = this.#link?.stats().upSince ?? clock.now()
    if (upSince + STABLE_AFTER_MS <= clock.now()) {
      this.#failures = 0
      this.#relayFailures = 0
    }
    this.#drop()
    if (this.#leaving) return this.#handler.onGone()
    this.#failed()
    this.#relayLater()
  }

  #meets(obstacle: ObstacleKind | undefined): void {
    if (obstacle === this.#obstacle) return
    this.#obstacle = obstacle
    this.#handler.onObstacle()
  }

  #failed(): void {
    this.#isTrying = false
    if (this.#leaving) return
    if (this.#link !== undefined) {
      this.#failures += 1
      return this.#tryDirectLater()
    }
    if (!this.#handler.isWanted()) return
    this.#failures += 1
    if (this.#failures >= MAX_FAILURES) return this.#handler.onGivenUp()
    const { random } = this.#surroundings
    this.#isTrying = true
    this.#alarm.set(backoffMs(this.#failures - 1, FIRST_RETRY_MS, LONGEST_RETRY_MS, random), () => this.#tryNow())
  }

  #tryDirectLater(): void {
    if (!this.#weOffer) return this.#alarm.cancel()
    const afterMs = backoffMs(this.#failures, FIRST_DIRECT_RETRY_MS, LONGEST_DIRECT_RETRY_MS, this.#surroundings.random)
    this.#alarm.set(afterMs, () => this.#tryNow())
  }

  #relayFailed(): void {
    this.#relayFailures += 1
    this.#relayAlarm.cancel()
    if (this.#leaving || !this.#weOffer || this.#link !== undefined || !this.#handler.isWanted()) return
    if (this.#relayFailures >= MAX_FAILURES) return this.#handler.onGivenUp()
    const { random } = this.#surroundings
    const afterMs = backoffMs(this.#relayFailures - 1, FIRST_RETRY_MS, LONGEST_RETRY_MS, random)
    this.#relayAlarm.set(afterMs, () => {
      if (this.#beginRelayed(this.#surroundings.newName()) === undefined) this.#relayFailed()
    })
  }

  #drop(): void {
    for (const alarm of [this.#alarm, this.#relayAlarm, this.#moveAlarm]) alarm.cancel()
    this.#isTrying = false
    const wasUp = this.#link !== undefined
    const attempts = [this.#direct, this.#relayed]
    this.#link = undefined
    this.#direct = undefined
    this.#relayed = undefined
    this.#listening = undefined
    this.#sending = undefined
    for (const attempt of attempts) attempt?.stop()
    if (wasUp) this.#handler.onDown()
  }
}
