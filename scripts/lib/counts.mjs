/** How many things passed, failed and were skipped, read from what each tool reports about itself. */

/** @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: number }} Counts */

/** @type {Counts} */
const nothing = { passed: 0, failed: 0, skipped: 0 }
/** @type {Counts} */
const onePassed = { ...nothing, passed: 1 }
/** @type {Counts} */
export const oneFailed = { ...nothing, failed: 1 }

/**
 * @param {readonly Counts[]} parts
 * @returns {Counts}
 */
export function sum(parts) {
  return parts.reduce(
    (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
    nothing,
  )
}

/** @param {Counts} counts */
export const summaryLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`

/**
 * From the simulator's closing line, "200 seeds, …, 3 failed": every seed counts.
 *
 * @param {readonly string[]} lines all it printed
 * @returns {Counts | undefined} undefined if it did not get that far
 */
export function fromSimulator(lines) {
  for (const line of lines) {
    const match = /^(\d+) seeds, .*, (\d+) failed$/.exec(line)
    if (match) return { ...nothing, passed: Number(match[1]) - Number(match[2]), failed: Number(match[2]) }
  }
  return undefined
}

/**
 * From the bug hunt's closing line, "41 of 42 bugs caught; …": every bug counts.
 *
 * @param {readonly string[]} lines all it printed
 * @returns {Counts | undefined} undefined if it did not get that far
 */
export function fromBugHunt(lines) {
  for (const line of lines) {
    const match = /^(\d+) of (\d+) bugs caught/.exec(line)
    if (match) return { ...nothing, passed: Number(match[1]), failed: Number(match[2]) - Number(match[1]) }
  }
  return undefined
}

/**
 * From Playwright's JSON report. Errors outside any test (a server that does not start, a spec that does not load) count
 * as one failure each.
 *
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number }, errors: unknown[] }} report
 * @returns {Counts}
 */
export function fromPlaywright({ stats, errors }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped }
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
  if (counts.passed + counts.failed === 0) return sum([counts, oneFailed])
  return exitCode !== 0 && counts.failed === 0 ? sum([counts, oneFailed]) : counts
}
