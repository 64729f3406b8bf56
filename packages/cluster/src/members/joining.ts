/**
 * How a node gets in: while no configuration that it knows of names it, it asks everyone in reach. Whoever leads adds it
 * as a learner, and from then on it is told everything. Asking twice is harmless; nobody but the leader answers.
 *
 * A member that has heard from no leader for long asks as well: it may have been removed while it was away, and nobody
 * tells the removed.
 */
import type { NodeId } from '@flotilla/core'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import type { JoinRefusal } from '../wire/frame.ts'

const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 2_000
const REFUSED_RETRY_MS = 5_000
const OUT_OF_TOUCH_MS = 10_000

export interface JoiningHost {
  readonly clock: Clock
  /** Whether the latest configuration names this node. */
  isMember(): boolean
  leads(): boolean
  peers(): Iterable<NodeId>
  askToJoin(peer: NodeId): void
}

export class Joining {
  /** What the leader answered last, if it does not let this node in. */
  refusal: JoinRefusal | undefined = undefined
  readonly #host: JoiningHost
  readonly #alarm: Alarm
  #asking = false
  #retryMs = FIRST_RETRY_MS
  #heardAt: number
  #isStopped = false
  #isLeaving = false

  constructor(host: JoiningHost) {
    this.#host = host
    this.#alarm = new Alarm(host.clock, () => this.#look())
    this.#heardAt = host.clock.now()
    // Nothing else may ever happen here: who does not vote has no election timer, and nobody speaks to who was removed.
    this.#alarm.noLaterThan(this.#heardAt + OUT_OF_TOUCH_MS)
  }

  /** The configuration may be another. */
  update(): void {
    if (this.#isStopped || this.#isLeaving || this.#asking === this.#isOutside()) return
    this.#asking = !this.#asking
    this.#retryMs = FIRST_RETRY_MS
    this.#alarm.stop()
    this.#look()
  }

  heardLeader(now: number): void {
    this.#heardAt = now
    this.refusal = undefined
  }

  /**
   * Asks again, but rarely: whoever is to be let in after all will be told by the leader itself.
   *
   * @param byLeader whoever this node takes for the leader says so: its own configuration may be older than its removal
   */
  refused(refusal: JoinRefusal, byLeader: boolean): void {
    if (byLeader && refusal === 'Removed') this.#heardAt = Number.NEGATIVE_INFINITY
    if (!this.#isOutside()) return
    this.refusal = refusal
    this.#retryMs = REFUSED_RETRY_MS
  }

  linkUp(peer: NodeId): void {
    if (this.#asking) this.#host.askToJoin(peer)
  }

  /** Whoever is on its way out does not ask to be let in again. */
  leave(isLeaving: boolean): void {
    this.#isLeaving = isLeaving
    this.#asking = false
    this.#alarm.stop()
    if (!isLeaving) this.#look()
  }

  /** Asks no more, whatever is told. */
  stop(): void {
    this.#isStopped = true
    this.#asking = false
    this.#alarm.stop()
  }

  #look(): void {
    const { clock, leads, peers, askToJoin } = this.#host
    this.#asking = this.#isOutside()
    if (!this.#asking) return this.#alarm.noLaterThan((leads() ? clock.now() : this.#heardAt) + OUT_OF_TOUCH_MS)
    for (const peer of peers()) askToJoin(peer)
    this.#alarm.noLaterThan(clock.now() + this.#retryMs)
    const mostMs = this.refusal === undefined ? LAST_RETRY_MS : REFUSED_RETRY_MS
    this.#retryMs = Math.min(this.#retryMs * 1.5, mostMs)
  }

  #isOutside(): boolean {
    const { clock, isMember, leads } = this.#host
    // The very sum that the alarm is set to: rounded otherwise, it would ring for ever a hair too early.
    return !isMember() || (!leads() && clock.now() >= this.#heardAt + OUT_OF_TOUCH_MS)
  }
}
