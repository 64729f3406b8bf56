/**
 * How a node gets in: while no configuration that it knows of names it, it asks everyone in reach. Whoever leads adds it
 * as a learner, and from then on it is told everything. Asking twice is harmless; nobody but the leader answers.
 *
 * A member that has heard from no leader for long asks as well: it may have been removed while it was away, and nobody
 * tells the removed.
 */
import type { NodeId } from '@flotilla/core'
import type { JoinRefusal } from '../api.ts'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'

const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 2_000
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
  /** What the leader answered last. */
  refusal: JoinRefusal | undefined = undefined
  private readonly host: JoiningHost
  private readonly alarm: Alarm
  private asking = false
  private retryMs = FIRST_RETRY_MS
  private heardAt: number

  constructor(host: JoiningHost) {
    this.host = host
    this.alarm = new Alarm(host.clock, () => this.look())
    this.heardAt = host.clock.now()
    // Nothing else may ever happen here: who does not vote has no election timer, and nobody speaks to who was removed.
    this.alarm.noLaterThan(this.heardAt + OUT_OF_TOUCH_MS)
  }

  /** The configuration may be another. */
  update(): void {
    if (this.asking === this.isOutside()) return
    this.asking = !this.asking
    this.retryMs = FIRST_RETRY_MS
    this.alarm.stop()
    this.look()
  }

  heardLeader(now: number): void {
    this.heardAt = now
  }

  linkUp(peer: NodeId): void {
    if (this.asking) this.host.askToJoin(peer)
  }

  stop(): void {
    this.alarm.stop()
  }

  private look(): void {
    const { clock, leads, peers, askToJoin } = this.host
    this.asking = this.isOutside()
    if (!this.asking) return this.alarm.noLaterThan((leads() ? clock.now() : this.heardAt) + OUT_OF_TOUCH_MS)
    for (const peer of peers()) askToJoin(peer)
    this.alarm.noLaterThan(clock.now() + this.retryMs)
    this.retryMs = Math.min(this.retryMs * 1.5, LAST_RETRY_MS)
  }

  private isOutside(): boolean {
    const { clock, isMember, leads } = this.host
    // The very sum that the alarm is set to: rounded otherwise, it would ring for ever a hair too early.
    return !isMember() || (!leads() && clock.now() >= this.heardAt + OUT_OF_TOUCH_MS)
  }
}
