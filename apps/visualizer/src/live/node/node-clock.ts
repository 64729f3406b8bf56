/** The clock of a node, read in another thread: both count from the epoch, so one reading holds until the pace is another. */
import type { Clock, PacedClock } from '@flotilla/cluster'

export interface ClockReading {
  /** On the clock that is not slowed down. */
  readonly at: number
  /** What the node's shows then. */
  readonly shows: number
  readonly pace: number
}

export function readingOf(clock: PacedClock, base: Pick<Clock, 'now'>): ClockReading {
  return { at: base.now(), shows: clock.now(), pace: clock.pace }
}

export class NodeClock {
  readonly #base: Pick<Clock, 'now'>
  #reading: ClockReading
  #latest = 0

  constructor(base: Pick<Clock, 'now'>) {
    this.#base = base
    const now = base.now()
    this.#reading = { at: now, shows: now, pace: 1 }
  }

  set(reading: ClockReading): void {
    this.#reading = reading
  }

  now(): number {
    const { at, shows, pace } = this.#reading
    // A reading that comes late must not bring a moment back that has been told.
    this.#latest = Math.max(this.#latest, shows + (this.#base.now() - at) / pace)
    return this.#latest
  }
}
