import { describe, expect, test } from 'vitest'
import { agreeWithExit, fromBugHunt, fromPlaywright, fromSimulator, sum, summaryLine } from './counts.mjs'

test('the summary line adds up what it is given, and nothing is a sum too', () => {
  const parts = [
    { passed: 1, failed: 0, skipped: 0 },
    { passed: 10, failed: 2, skipped: 0 },
  ]
  expect(summaryLine(sum(parts))).toBe('11 passed, 2 failed')
  expect(summaryLine(sum([...parts, { passed: 1, failed: 0, skipped: 3 }]))).toBe('12 passed, 2 failed, 3 skipped')
  expect(summaryLine(sum([]))).toBe('0 passed, 0 failed')
})

describe("the simulator's output", () => {
  test('counts each seed, from the closing line', () => {
    const closing = '200 seeds, 1,234,567 events in 3.0 s (411,522/s, 900 × real time), 3 failed'
    expect(fromSimulator(['seed 7: Leader Completeness', closing, 'never reached: x'])).toEqual({
      passed: 197,
      failed: 3,
      skipped: 0,
    })
  })

  test('is no count when the simulator did not get to its end', () => {
    expect(fromSimulator(['seed 7: Leader Completeness'])).toBeUndefined()
  })
})

test('the bug hunt counts each bug, from its closing line', () => {
  expect(fromBugHunt(['✓ 1 votes twice', '41 of 42 bugs caught; seeds: median 11'])).toEqual({
    passed: 41,
    failed: 1,
    skipped: 0,
  })
  expect(fromBugHunt(['✓ 1 votes twice'])).toBeUndefined()
})

describe("Playwright's report", () => {
  test('a flaky test is a failed one', () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [] }
    expect(fromPlaywright(report)).toEqual({ passed: 5, failed: 2, skipped: 2 })
  })

  test('an error outside any test is a failure', () => {
    const report = { stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 }, errors: [{ message: 'no server' }] }
    expect(fromPlaywright(report)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})

describe("a tool's exit code", () => {
  test('is all there is to count when the tool counts nothing itself', () => {
    expect(agreeWithExit(undefined, 0)).toEqual({ passed: 1, failed: 0, skipped: 0 })
    expect(agreeWithExit(undefined, 2)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  test('overrules counts without a failure', () => {
    expect(agreeWithExit({ passed: 9, failed: 0, skipped: 0 }, 1)).toEqual({ passed: 9, failed: 1, skipped: 0 })
    expect(agreeWithExit({ passed: 9, failed: 2, skipped: 0 }, 1)).toEqual({ passed: 9, failed: 2, skipped: 0 })
  })

  test('of 0 does not make a pass of nothing run', () => {
    expect(agreeWithExit({ passed: 0, failed: 0, skipped: 0 }, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})
