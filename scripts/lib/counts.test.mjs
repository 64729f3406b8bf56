import { describe, expect, test } from 'vitest'
import { agreeWithExit, fromPlaywright, fromSummaryLine, fromVitest, sum, summaryLine } from './counts.mjs'

const file = (/** @type {string} */ status, /** @type {string[]} */ ...tests) => ({
  status,
  assertionResults: tests.map(status => ({ status })),
})

describe('the summary line', () => {
  test('is what fromSummaryLine reads', () => {
    const counts = { passed: 12, failed: 3 }
    expect(fromSummaryLine(['noise', summaryLine(counts), ''])).toEqual(counts)
  })

  test('counts only when it is alone on its line, and the last one wins', () => {
    expect(fromSummaryLine(['seed 7: 1 passed, 0 failed so far'])).toBeUndefined()
    expect(fromSummaryLine(['1 passed, 0 failed', '2 passed, 1 failed'])).toEqual({ passed: 2, failed: 1 })
  })

  test('adds up over nothing', () => {
    expect(summaryLine(sum([]))).toBe('0 passed, 0 failed')
  })
})

describe("Vitest's report", () => {
  test('counts each test, and neither passes nor fails what was skipped', () => {
    const report = { testResults: [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'passed', 'failed')] }
    expect(fromVitest(report)).toEqual({ passed: 3, failed: 1 })
  })

  test('a file that does not load is a failure, though it has no tests', () => {
    expect(fromVitest({ testResults: [file('failed'), file('passed', 'passed')] })).toEqual({ passed: 1, failed: 1 })
  })
})

describe("Playwright's report", () => {
  test('a flaky test is a failed one', () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 1 }, errors: [] }
    expect(fromPlaywright(report)).toEqual({ passed: 5, failed: 2 })
  })

  test('an error outside any test is a failure', () => {
    const report = { stats: { expected: 0, unexpected: 0, flaky: 0 }, errors: [{ message: 'no server' }] }
    expect(fromPlaywright(report)).toEqual({ passed: 0, failed: 1 })
  })
})

describe("a tool's exit code", () => {
  test('is all there is to count when the tool counts nothing itself', () => {
    expect(agreeWithExit(undefined, 0)).toEqual({ passed: 1, failed: 0 })
    expect(agreeWithExit(undefined, 2)).toEqual({ passed: 0, failed: 1 })
  })

  test('overrules counts without a failure', () => {
    expect(agreeWithExit({ passed: 9, failed: 0 }, 1)).toEqual({ passed: 9, failed: 1 })
    expect(agreeWithExit({ passed: 9, failed: 2 }, 1)).toEqual({ passed: 9, failed: 2 })
  })

  test('of 0 does not make a pass of nothing run', () => {
    expect(agreeWithExit({ passed: 0, failed: 0 }, 0)).toEqual({ passed: 0, failed: 1 })
  })
})
