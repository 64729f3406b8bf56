import { describe, expect, test } from 'vitest'
import { Random } from './random.ts'

describe('random streams', () => {
  test('the same seed and name give the same numbers, another seed or name others', () => {
    const first = new Random(7, 'disk')
    const again = new Random(7, 'disk')
    const other = new Random(8, 'disk')
    const named = new Random(7, 'network')
    const take = (random: Random) => [random.bits(), random.bits(), random.bits()]
    const expected = take(first)
    expect(take(again)).toEqual(expected)
    expect(take(other)).not.toEqual(expected)
    expect(take(named)).not.toEqual(expected)
  })

  test('seeds beyond 32 bits differ from what is left of them below', () => {
    expect(new Random(2 ** 40 + 1, 'x').bits()).not.toBe(new Random(1, 'x').bits())
  })

  test('numbers are spread evenly over the range', () => {
    const random = new Random(1, 'spread')
    const counts = new Array<number>(10).fill(0)
    for (let i = 0; i < 100_000; i++) {
      const bucket = random.int(10)
      counts[bucket] = (counts[bucket] ?? 0) + 1
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })

  test('a fork does not move its parent', () => {
    const parent = new Random(3, 'p')
    const untouched = new Random(3, 'p')
    parent.fork('child').bits()
    expect(parent.bits()).toBe(untouched.bits())
  })
})
