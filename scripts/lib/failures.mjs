/** Which tests failed and with what first words: told once more at the end, where a reader of a long log looks. */
import { stripVTControlCharacters } from 'node:util'

/**
 * From Playwright's JSON report: tests that failed or were flaky, and errors outside any test.
 *
 * @typedef {{ message?: string }} TestError
 * @typedef {{ title: string, file: string, tests: { status: string, results: { errors: TestError[] }[] }[] }} Spec
 * @typedef {{ title: string, specs?: Spec[], suites?: Suite[] }} Suite
 * @param {{ suites: Suite[], errors: TestError[] }} report
 * @returns {string[]} a line each
 */
export function failuresInPlaywright({ suites, errors }) {
  return [...suites.flatMap(failuresInSuite), ...errors.map(({ message }) => failure([], message))]
}

/**
 * @param {Suite} suite
 * @returns {string[]}
 */
function failuresInSuite({ specs = [], suites = [] }) {
  const own = specs.flatMap(({ title, file, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) => failure([file, title], results.flatMap(({ errors }) => errors)[0]?.message)),
  )
  return [...own, ...suites.flatMap(failuresInSuite)]
}

/**
 * One line: where it was, and the first line of why.
 *
 * @param {readonly string[]} where
 * @param {string | undefined} message
 */
export function failure(where, message) {
  const [first = ''] = stripVTControlCharacters(message ?? '')
    .trim()
    .split('\n')
  return [...where, first].filter(part => part !== '').join(' › ')
}
