import { expect, test } from 'vitest'
import { notReached } from '../ground/days-reach.ts'
import { Random } from '../ground/random.ts'
import { drawRuntimeMix, ordinaryDays } from './kinds-of-days.ts'
import { simulateRuntime } from './run.ts'

const dayOf = (seed: number): string => drawRuntimeMix(new Random(seed, 'runtime').fork('mix')).day

test('rooms on days as drawn reach everything that no kind of day is there for', { timeout: 600_000 }, async () => {
  expect(await notReached(ordinaryDays, dayOf, async seed => (await simulateRuntime(seed)).marks.keys())).toEqual([])
})
