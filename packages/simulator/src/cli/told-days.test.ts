import { describe, expect, test } from 'vitest'
import { linesOf, toldDays } from './told-days.ts'

const marks = ['leader elected', 'split vote', 'log truncated']
const kinds = [
  { name: 'as drawn', expects: ['leader elected'], within: 2 },
  { name: 'quarrels', expects: ['split vote', 'log truncated'], within: 3 },
] as const
const days = {
  quarrels: { seeds: 3, marks: { 'split vote': 2 } },
  'as drawn': { seeds: 5, marks: { 'leader elected': 5 } },
}

describe('what seeds came across', () => {
  test('is told of each kind of day: how often, what never, and what should have been', () => {
    expect(toldDays(days, marks, kinds)).toEqual([
      {
        day: 'as drawn',
        seeds: 5,
        reached: { 'leader elected': 5 },
        never: ['split vote', 'log truncated'],
        missed: [],
      },
      {
        day: 'quarrels',
        seeds: 3,
        reached: { 'split vote': 2 },
        never: ['leader elected', 'log truncated'],
        missed: ['log truncated'],
      },
    ])
  })

  test('is not missed where too few days were run', () => {
    const few = { quarrels: { seeds: 2, marks: {} } }
    expect(toldDays(few, marks, kinds)[0]?.missed).toEqual([])
  })

  test('is a line for each, and says at the end what no day reached', () => {
    const lines = [...linesOf(toldDays(days, marks, kinds), marks)]
    expect(lines.find(line => line.startsWith('split vote'))).toMatch(/^split vote +– +2$/)
    expect(lines.at(-2)).toBe('should have been reached on days of the kind ‘quarrels’: log truncated')
    expect(lines.at(-1)).toBe('never reached: log truncated')
  })
})
