/**
 * How a node gets in: while no configuration that it knows of names it, it asks everyone in reach. Whoever leads adds it
 * as a learner, and from then on it is told everything. Asking twice is harmless; nobody but the leader answers.
 */
import type { NodeId } from '@flotilla/core'
import { Alarm } from './alarm.ts'
import type { Clock } from './clock.ts'

const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 5_000

export interface JoiningHost {
  readonly clock: Clock
  peers(): Iterable<NodeId>
  askToJoin(peer: NodeId): void
}

export class Joining {
  private readonly host: JoiningHost
  private readonly alarm: Alarm
  private asking = false
  private retryMs = FIRST_RETRY_MS

  constructor(host: JoiningHost) {
    this.host = host
    this.alarm = new Alarm(host.clock, () => this.ask())
  }

  /** Whether the latest configuration names this node. */
  update(isMember: boolean): void {
    if (isMember) {
      this.stop()
    } else if (!this.asking) {
      this.asking = true
      this.retryMs = FIRST_RETRY_MS
      this.ask()
    }
  }

  linkUp(peer: NodeId): void {
    if (this.asking) this.host.askToJoin(peer)
  }

  stop(): void {
    this.asking = false
    this.alarm.stop()
  }

  private ask(): void {
    if (!this.asking) return
    for (const peer of this.host.peers()) this.host.askToJoin(peer)
    this.alarm.noLaterThan(this.host.clock.now() + this.retryMs)
    this.retryMs = Math.min(this.retryMs * 1.5, LAST_RETRY_MS)
  }
}
