/** A wire that takes its time: items come out after their delay, and never overtake one another, however the delay changes. */
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'

export class DelayLine<T> {
  readonly #clock: Clock
  readonly #deliver: (item: T) => void
  readonly #alarm: Alarm
  readonly #waiting: { readonly at: number; readonly item: T }[] = []

  constructor(clock: Clock, deliver: (item: T) => void) {
    this.#clock = clock
    this.#deliver = deliver
    this.#alarm = new Alarm(clock, () => this.#deliverDue())
  }

  /** Without a delay, and with nothing before it, the item is delivered before this returns. */
  push(item: T, delayMs: number): void {
    if (!(delayMs > 0) && this.#waiting.length === 0) return this.#deliver(item)
    const at = Math.max(this.#clock.now() + Math.max(0, delayMs), this.#waiting.at(-1)?.at ?? 0)
    this.#waiting.push({ at, item })
    this.#alarm.noLaterThan(at)
  }

  /** Everything still waiting comes out now, in order. */
  deliverAll(): void {
    this.#alarm.stop()
    for (const { item } of this.#waiting.splice(0)) this.#deliver(item)
  }

  /** Everything still waiting is lost. */
  clear(): void {
    this.#alarm.stop()
    this.#waiting.length = 0
  }

  #deliverDue(): void {
    const now = this.#clock.now()
    for (let head = this.#waiting[0]; head !== undefined && head.at <= now; head = this.#waiting[0]) {
      this.#waiting.shift()
      this.#deliver(head.item)
    }
    this.#alarm.noLaterThan(this.#waiting[0]?.at ?? Number.POSITIVE_INFINITY)
  }
}
