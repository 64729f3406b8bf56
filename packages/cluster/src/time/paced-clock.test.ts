import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clockConformance } from '../conformance/clock.ts'
import { manualClock } from './manual-clock.ts'
import { pacedClock } from './paced-clock.ts'
import { systemClock } from './system-clock.ts'

describe('a paced clock keeps what every clock promises', () => {
  for (const pace of [1, 3, 0.5]) {
    for (const { name, run } of clockConformance) {
      test(`${name} (pace ${pace})`, () => run(pacedClock(systemClock(), pace)))
    }
  }
})

test('at pace 20, twenty milliseconds pass for one', () => {
  const base = manualClock(1000)
  const clock = pacedClock(base, 20)
  base.advance(200)
  expect(clock.now()).toBe(1010)
})

test('a change of pace changes how time goes on, not what time it is', () => {
  const base = manualClock(1000)
  const clock = pacedClock(base)
  base.advance(100)
  clock.setPace(10)
  expect(clock.now()).toBe(1100)
  base.advance(100)
  expect(clock.now()).toBe(1110)
  clock.setPace(1)
  expect(clock.now()).toBe(1110)
  base.advance(5)
  expect(clock.now()).toBe(1115)
})

test('a pending timer keeps its time on this clock when the pace changes, either way', () => {
  const base = manualClock(0)
  const clock = pacedClock(base)
  const firedAt: [string, number][] = []
  clock.setTimer(100, () => firedAt.push(['paced', clock.now()]))
  base.advance(50)
  clock.setPace(10)
  base.advance(499)
  expect(firedAt).toEqual([])
  base.advance(1)
  expect(firedAt).toEqual([['paced', 100]])

  clock.setTimer(200, () => firedAt.push(['paced', clock.now()]))
  clock.setPace(1)
  base.advance(100)
  expect(firedAt).toEqual([
    ['paced', 100],
    ['paced', 200],
  ])
})

test('a cancelled timer leaves nothing behind on the underlying clock', () => {
  const base = manualClock(0)
  pacedClock(base, 4).setTimer(10, () => {})()
  expect(base.earliest).toBe(Number.POSITIVE_INFINITY)
})

test('a pace that is none is refused, and changes nothing', () => {
  const clock = pacedClock(manualClock(0), 2)
  for (const pace of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => clock.setPace(pace)).toThrow(RangeError)
    expect(() => pacedClock(manualClock(0), pace)).toThrow(RangeError)
  }
  expect(clock.pace).toBe(2)
})

test('whatever the paces, time never goes back and every timer fires once, in order and not before its time', () => {
  const step = fc.record({
    pace: fc.double({ min: 0.01, max: 100, noNaN: true }),
    advance: fc.double({ min: 0, max: 1000, noNaN: true }),
    timer: fc.double({ min: -10, max: 500, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.constantFrom(0, 1.7e12), (steps, origin) => {
      const base = manualClock(origin)
      const clock = pacedClock(base)
      const early: number[] = []
      let fired = 0
      let last = clock.now()
      for (const { pace, advance, timer } of steps) {
        const at = clock.now() + timer
        clock.setTimer(at, () => {
          fired++
          if (clock.now() < at) early.push(at)
        })
        clock.setPace(pace)
        base.advance(advance)
        expect(clock.now()).toBeGreaterThanOrEqual(last)
        last = clock.now()
      }
      base.advance(200_000)
      expect(early).toEqual([])
      expect(fired).toBe(steps.length)
    }),
  )
})
