import { describe, expect, it } from 'vitest'
import { layoutCrowd } from './crowd-layout.ts'
import { layoutRing } from './layout.ts'

const sizes = [
  [300, 300],
  [340, 420],
  [520, 420],
  [1200, 700],
] as const

describe('layoutCrowd', () => {
  it('puts everybody inside its disc, and nobody on another', () => {
    for (const [width, height] of sizes) {
      for (const count of [4, 35, 95, 123]) {
        const { dots, radius, dotRadius } = layoutCrowd(count, layoutRing(5, width, height))
        expect(dots).toHaveLength(count)
        for (const [i, { x, y }] of dots.entries()) {
          expect(Math.hypot(x, y) + dotRadius).toBeLessThanOrEqual(radius)
          for (const other of dots.slice(i + 1))
            expect(Math.hypot(x - other.x, y - other.y)).toBeGreaterThan(1.2 * dotRadius)
        }
      }
    }
  })

  it('covers no disc of the ring', () => {
    for (const [width, height] of sizes) {
      for (const front of [5, 6, 7]) {
        const ring = layoutRing(front, width, height)
        const { center, radius } = layoutCrowd(95, ring)
        for (const { x, y } of ring.places)
          expect(Math.hypot(x - center.x, y - center.y)).toBeGreaterThan(radius + ring.radius)
      }
    }
  })

  it('takes the same room for any number, so that nothing moves when somebody comes', () => {
    const ring = layoutRing(6, 520, 420)
    expect(layoutCrowd(10, ring).radius).toBe(layoutCrowd(95, ring).radius)
  })
})
