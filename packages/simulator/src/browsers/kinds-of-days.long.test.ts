import { describe, expect, test } from 'vitest'
import { notReached } from '../ground/days-reach.ts'
import { Random } from '../ground/random.ts'
import { drawBrowsersMix, kindsOfDays, ordinaryDays } from './kinds-of-days.ts'
import { simulateBrowsers } from './run.ts'

const dayOf = (seed: number): string => drawBrowsersMix(new Random(seed, 'browsers').fork('mix')).day

describe('a kind of day of browsers', () => {
  test.each([ordinaryDays, ...kindsOfDays])('reaches what it is there for: $name', { timeout: 600_000 }, async kind => {
    expect(await notReached(kind, dayOf, async seed => (await simulateBrowsers(seed)).marks.keys())).toEqual([])
  })
})
