/**
 * One timer for many deadlines. Moving a deadline later costs nothing: the alarm rings at the earlier moment, and whoever
 * asked looks at the time. A heartbeat pushes the election deadline back ten times a second; timers of a worker cost messages.
 */
import type { Cancel, Clock } from './clock.ts'

export class Alarm {
  readonly #clock: Clock
  readonly #ring: (dueAt: number) => void
  #cancel: Cancel | undefined = undefined
  #armedAt = Number.POSITIVE_INFINITY

  /** `ring` gets the moment it was meant for, and must look again what is due. */
  constructor(clock: Clock, ring: (dueAt: number) => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** When it rings next; Infinity for never. */
  get dueAt(): number {
    return this.#armedAt
  }

  /** Rings at `at`, or earlier if that was asked before. Infinity asks for nothing. */
  noLaterThan(at: number): void {
    if (at >= this.#armedAt) return
    this.#cancel?.()
    this.#armedAt = at
    this.#cancel = this.#clock.setTimer(at, () => {
      this.#cancel = undefined
      this.#armedAt = Number.POSITIVE_INFINITY
      this.#ring(at)
    })
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#armedAt = Number.POSITIVE_INFINITY
  }
}
