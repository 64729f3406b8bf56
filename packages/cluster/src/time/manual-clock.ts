/** A clock that stands still until it is moved by hand: for tests of what happens when. */
import type { Clock } from './clock.ts'
import { TimerQueue } from './timer-queue.ts'

export interface ManualClock extends Clock {
  /** Goes through every deadline up to `at`, in order, with the clock standing at each as its timers fire. */
  advanceTo(at: number): void
  advance(ms: number): void
  /** The next deadline; Infinity if there is none. */
  readonly earliest: number
}

export function manualClock(start = 0): ManualClock {
  let time = start
  const queue = new TimerQueue(
    () => time,
    () => {},
  )
  const advanceTo = (at: number): void => {
    while (queue.earliest <= at) {
      time = Math.max(time, queue.earliest)
      queue.run()
    }
    time = Math.max(time, at)
  }
  return {
    now: () => time,
    setTimer: (at, fire) => queue.set(at, fire),
    advanceTo,
    advance: ms => advanceTo(time + ms),
    get earliest() {
      return queue.earliest
    },
  }
}
