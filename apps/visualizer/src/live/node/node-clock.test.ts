import { manualClock, pacedClock } from '@flotilla/cluster'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NodeClock, readingOf } from './node-clock.ts'

describe('a node’s clock, read elsewhere', () => {
  it('shows what the node’s shows, whatever its pace and however late the page is told', () => {
    const step = fc.record({
      pace: fc.constantFrom(1, 5, 20, 50),
      ms: fc.integer({ min: 0, max: 5_000 }),
      late: fc.nat(50),
    })
    fc.assert(
      fc.property(fc.array(step), steps => {
        const base = manualClock()
        const clock = pacedClock(base)
        const elsewhere = new NodeClock(base)
        let before = elsewhere.now()
        for (const { pace, ms, late } of steps) {
          clock.setPace(pace)
          const reading = readingOf(clock, base)
          base.advance(late)
          elsewhere.set(reading)
          base.advance(ms + 60 * pace)
          expect(elsewhere.now()).toBeGreaterThanOrEqual(before)
          before = elsewhere.now()
          expect(before).toBeCloseTo(Math.max(before, clock.now()), 3)
        }
      }),
    )
  })
})
