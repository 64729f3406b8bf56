/** A page's own clock and timers: real timers made of virtual time. It may run fast or slow, jump, and ring late. */
import { type Cancel, type Clock, TimerQueue } from '@flotilla/cluster'
import { NodeClock } from '../world/clock.ts'
import type { Page } from './page.ts'
import type { Timeline } from './timeline.ts'

export class PageClock implements Clock {
  /** Timers come only at multiples of this, as in hidden tabs. 0 for exact. Milliseconds. */
  grainMs = 0
  readonly #page: Page
  readonly #timeline: Timeline
  readonly #reading = new NodeClock()
  readonly #queue: TimerQueue
  /** Counts what `#wake` was asked: only the latest counts. */
  #asked = 0

  constructor(timeline: Timeline, page: Page) {
    this.#timeline = timeline
    this.#page = page
    this.#queue = new TimerQueue(
      () => this.now(),
      at => this.#wake(at),
    )
  }

  now(): number {
    return this.#reading.read(this.#timeline.now)
  }

  setTimer(at: number, fire: () => void): Cancel {
    return this.#queue.set(at, fire)
  }

  setRate(rate: number): void {
    this.#reading.setRate(this.#timeline.now, rate)
    this.#queue.arm()
  }

  jump(byMs: number): void {
    this.#reading.jump(this.#timeline.now, byMs)
    this.#queue.arm()
  }

  /** What was due while the page was frozen is due now. */
  rearm(): void {
    this.#queue.arm()
  }

  #wake(at: number): void {
    const asked = ++this.#asked
    if (at === Number.POSITIVE_INFINITY) return
    const { now } = this.#timeline
    let when = Math.max(now, this.#reading.when(at))
    if (this.grainMs > 0) when = Math.ceil(when / this.grainMs) * this.grainMs
    this.#timeline.at(when, () => this.#ring(asked, at))
  }

  #ring(asked: number, at: number): void {
    if (asked !== this.#asked || !this.#page.isAlive || this.#page.isFrozen) return
    // Rounding may leave the clock a hair before the moment it was set for.
    if (at - this.now() < 1e-6) this.#reading.atLeast(this.#timeline.now, at)
    this.#timeline.tell(this.#page.name, () => 'its timer rings')
    this.#queue.run()
  }
}
