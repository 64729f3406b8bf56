import { describe, expect, test } from 'vitest'
import { simulateRuntime } from './run.ts'

describe('simulated rooms of real nodes', () => {
  test('thirty bad days break nothing, and clients get somewhere on most of them', async () => {
    const failures: string[] = []
    let done = 0
    for (let seed = 1; seed <= 30; seed++) {
      const result = await simulateRuntime(seed)
      const [violation] = result.violations
      if (violation !== undefined) failures.push(`seed ${seed}: ${violation.property}: ${violation.detail}`)
      done += result.done
    }
    expect(failures).toEqual([])
    expect(done).toBeGreaterThan(3_000)
  })

  test('the same seed gives the same run, another seed another', async () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const first = await simulateRuntime(seed)
      const again = await simulateRuntime(seed)
      expect(again.traceHash).toBe(first.traceHash)
      expect(again.events).toBe(first.events)
      expect((await simulateRuntime(seed + 1_000)).traceHash).not.toBe(first.traceHash)
    }
  })

  test('telling the story of a run does not change it', async () => {
    const lines: string[] = []
    const told = await simulateRuntime(7, { onLine: line => void lines.push(line) })
    expect(told.traceHash).toBe((await simulateRuntime(7)).traceHash)
    expect(lines.length).toBeGreaterThan(100)
  })
})
