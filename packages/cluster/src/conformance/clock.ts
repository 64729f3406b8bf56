/**
 * What every Clock promises (`clock.ts`), as cases that any implementation can be held to, in Node or in a page.
 * For clocks that run by themselves. How late a timer may be is nobody's promise, so no case asks.
 */
import type { Clock } from '../time/clock.ts'
import { type ConformanceCase, expect } from './case.ts'
import { until } from './until.ts'

export const clockConformance: readonly ConformanceCase<Clock>[] = [
  {
    name: 'time never goes back, and goes on',
    async run(clock) {
      const start = clock.now()
      expect(Number.isFinite(start), 'now() is a number')
      let last = start
      for (let i = 0; i < 10_000; i++) {
        const now = clock.now()
        expect(now >= last, 'now() is never less than before')
        last = now
      }
      await until(() => clock.now() > start, 'time goes on')
    },
  },
  {
    name: 'a timer fires once, and not before its time',
    async run(clock) {
      const firedAt: number[] = []
      const at = clock.now() + 15
      clock.setTimer(at, () => firedAt.push(clock.now()))
      await until(() => firedAt.length > 0, 'it fires')
      expect((firedAt[0] ?? 0) >= at, 'not before its time')
      await later(clock, 15)
      expect(firedAt.length === 1, 'once')
    },
  },
  {
    name: 'a timer whose time has passed fires soon, but not at once',
    async run(clock) {
      let fired = 0
      clock.setTimer(clock.now() - 1000, () => fired++)
      clock.setTimer(Number.NEGATIVE_INFINITY, () => fired++)
      clock.setTimer(clock.now(), () => fired++)
      expect(fired === 0, 'setTimer returns first')
      await until(() => fired === 3, 'they fire')
    },
  },
  {
    name: 'timers fire in the order of their times, equal ones in the order in which they were set',
    async run(clock) {
      const order: string[] = []
      const start = clock.now() + 5
      for (const [at, name] of [
        [20, 'e'],
        [10, 'b'],
        [0.25, 'a'],
        [10, 'c'],
        [10.25, 'd'],
      ] as const) {
        clock.setTimer(start + at, () => order.push(name))
      }
      await until(() => order.length === 5, 'all fire')
      expect(order.join('') === 'abcde', `in order, not ${order.join('')}`)
    },
  },
  {
    name: 'a timer that was cancelled does not fire, and cancelling it again or too late is nothing',
    async run(clock) {
      const fired: string[] = []
      const at = clock.now() + 10
      const cancel = clock.setTimer(at, () => fired.push('cancelled'))
      const cancelKept = clock.setTimer(at, () => fired.push('kept'))
      cancel()
      cancel()
      await until(() => fired.length > 0, 'the other fires')
      cancelKept()
      await later(clock, 10)
      expect(fired.join() === 'kept', 'only the other')
    },
  },
  {
    name: 'a timer may be cancelled by another that fires at the same time',
    async run(clock) {
      const fired: string[] = []
      const at = clock.now() + 5
      clock.setTimer(at, () => {
        fired.push('first')
        cancelSecond()
      })
      const cancelSecond = clock.setTimer(at, () => fired.push('second'))
      await later(clock, 15)
      expect(fired.join() === 'first', 'the second does not fire')
    },
  },
  {
    name: 'a timer may be set while another fires, also for a time that has passed, and fires after it',
    async run(clock) {
      const order: string[] = []
      clock.setTimer(clock.now() + 1, () => {
        clock.setTimer(clock.now() - 5, () => order.push('inner'))
        order.push('outer')
      })
      await until(() => order.length === 2, 'both fire')
      expect(order.join() === 'outer,inner', 'the inner one after the outer')
    },
  },
  {
    name: 'a timer for the far future, or for never, does not fire now',
    async run(clock) {
      let fired = false
      const cancels = [2 ** 31, 2 ** 32, 2 ** 45, Number.POSITIVE_INFINITY].map(ms =>
        clock.setTimer(clock.now() + ms, () => {
          fired = true
        }),
      )
      await later(clock, 20)
      for (const cancel of cancels) cancel()
      expect(!fired, 'none has fired')
    },
  },
  {
    name: 'an earlier timer that is set later still fires first, and a thousand of them all fire',
    async run(clock) {
      let fired = 0
      const start = clock.now()
      const seen: number[] = []
      for (let i = 1000; i > 0; i--) {
        const at = start + i / 50
        clock.setTimer(at, () => {
          fired++
          seen.push(at)
        })
      }
      await until(() => fired === 1000, 'all fire')
      expect(
        seen.every((at, i) => i === 0 || at >= (seen[i - 1] ?? 0)),
        'in the order of their times',
      )
    },
  },
]

/** Resolves by a timer of the clock itself, after all that are due by then. */
function later(clock: Clock, ms: number): Promise<void> {
  return new Promise(resolve => clock.setTimer(clock.now() + ms, resolve))
}
