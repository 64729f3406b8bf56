/**
 * The one way in which clients wait here: until a deadline, and asking again from time to time until then. One alarm serves
 * all that wait for the same kind of thing.
 */
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'

/** When never. */
export const NEVER = Number.POSITIVE_INFINITY

export interface Waiter {
  /** When it is given up. */
  readonly deadline: number
  /** When it is to be asked again. */
  retryAt: number
}

export interface WaitingRules<W extends Waiter> {
  /** Its time has come, and it has none any more until it is given another. */
  askAgain(waiter: W): void
  /** All whose deadline has come, oldest first. They wait no longer. */
  giveUp(waiters: readonly W[]): void
}

export class Waiting<W extends Waiter> {
  readonly #clock: Clock
  readonly #rules: WaitingRules<W>
  readonly #alarm: Alarm
  readonly #waiters = new Set<W>()

  constructor(clock: Clock, rules: WaitingRules<W>) {
    this.#clock = clock
    this.#rules = rules
    this.#alarm = new Alarm(clock, () => this.#ring())
  }

  get size(): number {
    return this.#waiters.size
  }

  /** Oldest first. */
  [Symbol.iterator](): IterableIterator<W> {
    return this.#waiters.values()
  }

  add(waiter: W): void {
    this.#waiters.add(waiter)
    this.#alarm.noLaterThan(Math.min(waiter.deadline, waiter.retryAt))
  }

  delete(waiter: W): void {
    this.#waiters.delete(waiter)
  }

  askAgainIn(waiter: W, delayMs: number): void {
    waiter.retryAt = this.#clock.now() + delayMs
    this.#alarm.noLaterThan(waiter.retryAt)
  }

  /** Nobody waits any longer, or is told so. */
  stop(): void {
    this.#waiters.clear()
    this.#alarm.stop()
  }

  #ring(): void {
    const now = this.#clock.now()
    const late: W[] = []
    let next = NEVER
    for (const waiter of this.#waiters) {
      if (waiter.deadline <= now) {
        late.push(waiter)
        this.#waiters.delete(waiter)
        continue
      }
      if (waiter.retryAt <= now) {
        waiter.retryAt = NEVER
        this.#rules.askAgain(waiter)
      }
      next = Math.min(next, waiter.deadline, waiter.retryAt)
    }
    this.#alarm.noLaterThan(next)
    if (late.length > 0) this.#rules.giveUp(late)
  }
}
