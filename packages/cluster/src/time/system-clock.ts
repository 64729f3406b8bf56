/** The machine's clock, for Node and tests; where tabs can be hidden, `workerClock` keeps better time. */
import type { Clock } from './clock.ts'
import { Timeout } from './timeout.ts'
import { TimerQueue } from './timer-queue.ts'

export function systemClock(): Clock {
  const now = (): number => performance.timeOrigin + performance.now()
  const timeout = new Timeout(() => queue.run())
  const queue = new TimerQueue(now, at => timeout.moveTo(at, now()))
  return { now, setTimer: (at, fire) => queue.set(at, fire) }
}
