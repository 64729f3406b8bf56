/** How many things passed and failed, read from what each tool reports about itself. */

/** @typedef {{ readonly passed: number, readonly failed: number }} Counts */

/** @type {Counts} */
const onePassed = { passed: 1, failed: 0 }
/** @type {Counts} */
export const oneFailed = { passed: 0, failed: 1 }

/**
 * @param {readonly Counts[]} parts
 * @returns {Counts}
 */
export function sum(parts) {
  return parts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), {
    passed: 0,
    failed: 0,
  })
}

/** @param {Counts} counts */
export const summaryLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`

/**
 * From the simulator's closing line, "200 seeds, …, 3 failed": every seed counts.
 *
 * @param {readonly string[]} lines all it printed
 * @returns {Counts | undefined} undefined if it did not get that far
 */
export function fromSimulator(lines) {
  for (const line of lines) {
    const match = /^(\d+) seeds, .*, (\d+) failed$/.exec(line)
    if (match) return { passed: Number(match[1]) - Number(match[2]), failed: Number(match[2]) }
  }
  return undefined
}

/**
 * From Vitest's JSON report. A file that could not be run at all has no tests to its name, and counts as one failure.
 *
 * @param {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @returns {Counts}
 */
export function fromVitest({ testResults }) {
  return sum(
    testResults.map(file => {
      const passed = file.assertionResults.filter(test => test.status === 'passed').length
      const failed = file.assertionResults.filter(test => test.status === 'failed').length
      return { passed, failed: failed === 0 && file.status === 'failed' ? 1 : failed }
    }),
  )
}

/**
 * From Playwright's JSON report. Errors outside any test (a server that does not start, a spec that does not load) count
 * as one failure each.
 *
 * @param {{ stats: { expected: number, unexpected: number, flaky: number }, errors: unknown[] }} report
 * @returns {Counts}
 */
export function fromPlaywright({ stats, errors }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length }
}

/**
 * A tool's counts, made to agree with its exit code: one that failed has a failure, and one that ran nothing did not pass.
 *
 * @param {Counts | undefined} counts undefined if it gave none
 * @param {number} exitCode
 * @returns {Counts}
 */
export function agreeWithExit(counts, exitCode) {
  if (counts === undefined) return exitCode === 0 ? onePassed : oneFailed
  if (counts.passed + counts.failed === 0) return oneFailed
  return exitCode !== 0 && counts.failed === 0 ? sum([counts, oneFailed]) : counts
}
