import { describe, expect, test } from 'vitest'
import { notReached } from '../ground/days-reach.ts'
import { Random } from '../ground/random.ts'
import { drawRuntimeMix, kindsOfDays, ordinaryDays } from './kinds-of-days.ts'
import { runtimeMarks } from './marks.ts'
import { simulateRuntime } from './run.ts'

const dayOf = (seed: number): string => drawRuntimeMix(new Random(seed, 'runtime').fork('mix')).day

describe('a kind of day', () => {
  test.each(kindsOfDays)('reaches what it is there for: $name', { timeout: 300_000 }, async kind => {
    expect(await notReached(kind, dayOf, async seed => (await simulateRuntime(seed)).marks.keys())).toEqual([])
  })

  test('is there for every rare thing that there is', () => {
    const expected = new Set([ordinaryDays, ...kindsOfDays].flatMap(({ expects }) => expects))
    expect(runtimeMarks.filter(mark => !expected.has(mark))).toEqual([])
  })
})
