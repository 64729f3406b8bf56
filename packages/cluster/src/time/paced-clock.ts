/**
 * A clock on which time runs slower: a room in slow motion stretches every timeout and delay together, so that a class can
 * follow real messages by eye.
 */
import type { Cancel, Clock } from './clock.ts'
import { TimerQueue } from './timer-queue.ts'

export interface PacedClock extends Clock {
  /** How many milliseconds of the underlying clock one of this clock takes: 1 is real time, 20 is slow motion. */
  readonly pace: number
  /** From this moment on. What is pending keeps its deadline on this clock. @throws RangeError unless finite and > 0. */
  setPace(pace: number): void
}

export function pacedClock(clock: Clock, pace = 1): PacedClock {
  let current = checked(pace)
  // Since the pace last changed: `baseThere` on the underlying clock was `pacedThere` on this one.
  let baseThere = clock.now()
  let pacedThere = baseThere
  let latest = pacedThere
  let cancel: Cancel | undefined

  const now = (): number => {
    // Rounding must not bring a moment back that has been told.
    latest = Math.max(latest, pacedThere + (clock.now() - baseThere) / current)
    return latest
  }
  const wake = (at: number): void => {
    cancel?.()
    cancel = undefined
    if (at === Number.POSITIVE_INFINITY) return
    // Rounded down by a hair, it rings too early: the queue then finds nothing due, and asks again.
    const baseAt = Math.max(baseThere + (at - pacedThere) * current, now() < at ? nextAfter(clock.now()) : clock.now())
    cancel = clock.setTimer(baseAt, () => {
      cancel = undefined
      queue.run()
    })
  }
  const queue = new TimerQueue(now, wake)

  return {
    now,
    setTimer: (at, fire) => queue.set(at, fire),
    get pace() {
      return current
    },
    setPace(next) {
      checked(next)
      const at = now()
      baseThere = clock.now()
      pacedThere = at
      current = next
      queue.arm()
    },
  }
}

/** The least step that an epoch in milliseconds can take in a float64 is below this: asking again must not stand still. */
function nextAfter(ms: number): number {
  return ms + 2 ** -10
}

function checked(pace: number): number {
  if (!(pace > 0 && pace < Number.POSITIVE_INFINITY)) throw new RangeError(`a pace must be greater than 0, not ${pace}`)
  return pace
}
