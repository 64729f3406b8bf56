/** Who stands at the door: those that asked to be let in a moment ago. Every member keeps it, for its own person may answer. */
import type { NodeId } from '@flotilla/core'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'

/** They ask every five seconds; who has not any more has gone. Milliseconds. */
const GONE_AFTER_MS = 12_000
/** More are not shown, and come to be once there is room. */
export const MAX_WAITING = 16

export class Lobby {
  readonly #clock: Clock
  readonly #alarm: Alarm
  readonly #changed: () => void
  readonly #askedAt = new Map<NodeId, number>()

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
    this.#alarm = new Alarm(clock, () => this.#look())
  }

  asked(node: NodeId): void {
    const isNew = !this.#askedAt.has(node)
    if (isNew && this.#askedAt.size >= MAX_WAITING) return
    const now = this.#clock.now()
    this.#askedAt.set(node, now)
    this.#alarm.noLaterThan(now + GONE_AFTER_MS)
    if (isNew) this.#changed()
  }

  left(node: NodeId): void {
    if (this.#askedAt.delete(node)) this.#changed()
  }

  get waiting(): readonly NodeId[] {
    return [...this.#askedAt.keys()]
  }

  stop(): void {
    this.#alarm.stop()
    this.#askedAt.clear()
  }

  #look(): void {
    const now = this.#clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const [node, at] of [...this.#askedAt]) {
      if (at + GONE_AFTER_MS <= now) this.left(node)
      else next = Math.min(next, at + GONE_AFTER_MS)
    }
    this.#alarm.noLaterThan(next)
  }
}
