import { describe, expect, test } from 'vitest'
import { simulate } from './run.ts'

describe('simulated clusters', () => {
  test('two hundred bad days break nothing', () => {
    const failures: string[] = []
    for (let seed = 1; seed <= 200; seed++) {
      const [violation] = simulate(seed).violations
      if (violation !== undefined) failures.push(`seed ${seed}: ${violation.property}: ${violation.detail}`)
    }
    expect(failures).toEqual([])
  })

  test('the same seed gives the same run, another seed another', () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const first = simulate(seed)
      const again = simulate(seed)
      expect(again.traceHash).toBe(first.traceHash)
      expect(again.events).toBe(first.events)
      expect(simulate(seed + 1000).traceHash).not.toBe(first.traceHash)
    }
  })
})
