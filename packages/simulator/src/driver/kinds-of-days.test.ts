import { describe, expect, test } from 'vitest'
import { notReached } from '../ground/days-reach.ts'
import { Random } from '../ground/random.ts'
import { allMarks } from '../world/marks.ts'
import { drawMix, kindsOfDays, ordinaryDays } from './kinds-of-days.ts'
import { simulate } from './run.ts'

const dayOf = (seed: number): string => drawMix(new Random(seed, 'simulation').fork('mix')).day

describe('a kind of day', () => {
  test.each([ordinaryDays, ...kindsOfDays])('reaches what it is there for: $name', { timeout: 120_000 }, async kind => {
    expect(await notReached(kind, dayOf, seed => simulate(seed).marks.keys())).toEqual([])
  })

  test('is there for every rare thing that there is', () => {
    const expected = new Set([ordinaryDays, ...kindsOfDays].flatMap(({ expects }) => expects))
    expect(allMarks.filter(mark => !expected.has(mark))).toEqual([])
  })

  test('is its own name', () => {
    const names = [ordinaryDays, ...kindsOfDays].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})
