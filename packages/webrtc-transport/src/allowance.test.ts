import { describe, expect, it } from 'vitest'
import { Allowance } from './allowance.ts'

describe('an allowance', () => {
  it('allows so many at once and no more', () => {
    const allowance = new Allowance(3, 1_000)
    expect([0, 0, 0, 0, 0].map(now => allowance.take(now))).toEqual([true, true, true, false, false])
  })

  it('comes back with time, one by one, and is never more than at first', () => {
    const allowance = new Allowance(2, 1_000)
    expect([0, 0, 0, 999, 1_000, 1_001].map(now => allowance.take(now))).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
    ])
    expect([1e9, 1e9, 1e9].map(now => allowance.take(now))).toEqual([true, true, false])
  })

  it('is not used up by what happens rarely, however long it goes on', () => {
    const allowance = new Allowance(2, 1_000)
    for (let now = 0; now < 1e7; now += 1_000) expect(allowance.take(now)).toBe(true)
  })

  it('a clock that is set back gives nothing away', () => {
    const allowance = new Allowance(1, 1_000)
    expect([5_000, 0, 500].map(now => allowance.take(now))).toEqual([true, false, false])
  })
})
