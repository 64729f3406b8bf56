import { describe, expect, it } from 'vitest'
import { columnsInSight, isAtTail } from './window.ts'

describe('columnsInSight', () => {
  it('covers what is in sight and little more, however long the log', () => {
    const { from, to } = columnsInSight(58 * 1_000, 580, 58, 0, 100_000)
    expect(from).toBeLessThanOrEqual(1_001)
    expect(to).toBeGreaterThanOrEqual(1_010)
    expect(to - from).toBeLessThan(25)
  })

  it('stays within the log, also where it begins after a snapshot', () => {
    expect(columnsInSight(0, 580, 58, 900, 903)).toEqual({ from: 901, to: 903 })
  })
})

describe('isAtTail', () => {
  it('tells a reader at the end from one who scrolled back', () => {
    expect(isAtTail(420, 580, 1_000, 58)).toBe(true)
    expect(isAtTail(300, 580, 1_000, 58)).toBe(false)
  })
})
