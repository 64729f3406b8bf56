import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layoutRing, wayBetween } from './layout.ts'

const size = fc.record({ width: fc.integer({ min: 300, max: 1200 }), height: fc.integer({ min: 300, max: 900 }) })

describe('layoutRing', () => {
  it('keeps every node inside the card and apart from every other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), size, (count, { width, height }) => {
        const { places, radius } = layoutRing(count, width, height)
        expect(places).toHaveLength(count)
        places.forEach((a, i) => {
          expect(a.x).toBeGreaterThanOrEqual(radius)
          expect(a.x).toBeLessThanOrEqual(width - radius)
          expect(a.y).toBeGreaterThanOrEqual(radius)
          expect(a.y).toBeLessThanOrEqual(height - radius)
          for (const b of places.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(2 * radius)
        })
      }),
    )
  })

  it('gives the two directions of a link sides of their own', () => {
    const layout = layoutRing(3, 500, 400)
    const there = wayBetween(layout, 0, 1, 4)
    const back = wayBetween(layout, 1, 0, 4)
    expect(there && back && Math.hypot(there.from.x - back.to.x, there.from.y - back.to.y)).toBeCloseTo(8)
  })
})
