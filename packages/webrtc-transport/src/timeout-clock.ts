/**
 * A Clock on `setTimeout`. Hidden tabs get its timers late, by a second or a minute; that is soon enough for discovery,
 * and nothing here that is sent waits for a timer.
 */
import type { Clock } from '@flotilla/cluster'

export const timeoutClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  setTimer(at, fire) {
    const timer = setTimeout(fire, Math.max(0, at - timeoutClock.now()))
    return () => clearTimeout(timer)
  },
}
