import { describe, expect, test } from 'vitest'
import { simulateBrowsers } from './run.ts'

describe('simulated rooms of whole browsers', () => {
  test('twenty bad days break nothing', async () => {
    const failures: string[] = []
    for (let seed = 1; seed <= 20; seed++) {
      const [violation] = (await simulateBrowsers(seed)).violations
      if (violation !== undefined) failures.push(`seed ${seed}: ${violation.property}: ${violation.detail}`)
    }
    expect(failures).toEqual([])
  })

  test('the same seed gives the same run, told or not, and another seed another', async () => {
    for (const seed of [4, 5, 8]) {
      const first = await simulateBrowsers(seed)
      const lines: string[] = []
      const again = await simulateBrowsers(seed, { onLine: line => void lines.push(line) })
      expect([again.traceHash, again.events]).toEqual([first.traceHash, first.events])
      expect(lines.length).toBeGreaterThan(100)
      expect((await simulateBrowsers(seed + 1_000)).traceHash).not.toBe(first.traceHash)
    }
  })
})
