import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { around, overlaps, touches } from './boxes.ts'
import { CUT_MARK, cutMarkPlace, layoutRing, REACH, wayBetween } from './layout.ts'

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

/** The picture's part of a phone, upright and on its side, of a laptop and of a wide screen. */
const PICTURES = [
  { width: 328, height: 385 },
  { width: 450, height: 264 },
  { width: 360, height: 400 },
  { width: 690, height: 270 },
  { width: 830, height: 900 },
]

describe.each(PICTURES)('in a picture of $width × $height', ({ width, height }) => {
  const counts = [2, 3, 4, 5, 6, 7]

  it('no words stand on a disc, on other words or outside', () => {
    for (const count of counts) {
      const { places, radius, words } = layoutRing(count, width, height, 14, index => (index === count - 1 ? 2 : 1))
      for (const [i, { box }] of words.entries()) {
        const what = `words of ${i + 1} of ${count}`
        expect(Math.min(box.left, box.top, width - box.right, height - box.bottom), what).toBeGreaterThanOrEqual(0)
        for (const [k, place] of places.entries()) {
          if (k !== i) expect(touches(box, place, radius * REACH), `${what} on disc ${k + 1}`).toBe(false)
        }
        for (const [k, other] of words.entries()) {
          if (k !== i) expect(overlaps(box, other.box), `${what} on those of ${k + 1}`).toBe(false)
        }
      }
    }
  })

  it('the mark of a cut link stands neither under words nor on a disc', () => {
    for (const count of counts) {
      const layout = layoutRing(count, width, height, 14, index => (index === 0 ? 2 : 1))
      for (const [i, a] of layout.places.entries()) {
        for (const [k, b] of layout.places.slice(i + 1).entries()) {
          const mark = around(cutMarkPlace(layout, a, b), CUT_MARK)
          const what = `between ${i + 1} and ${i + k + 2} of ${count}`
          expect(
            layout.words.some(({ box }) => overlaps(box, mark)),
            what,
          ).toBe(false)
          for (const place of layout.places) expect(touches(mark, place, layout.radius), what).toBe(false)
        }
      }
    }
  })
})
