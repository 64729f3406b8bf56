/** Which tests failed and with what first words: told once more at the end, where a reader of a long log looks. */
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { inRoot } from './root.mjs'

/**
 * From Vitest's JSON report; of a file that could not be run at all, why.
 *
 * @param {{ testResults: { name: string, status: string, message?: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] | null }[] }[] }} report
 * @returns {string[]} a line each
 */
export function failuresInVitest({ testResults }) {
  return testResults.flatMap(file => {
    const name = relative(inRoot(), file.name)
    const failed = file.assertionResults.filter(test => test.status === 'failed')
    if (failed.length === 0 && file.status === 'failed') return [line([name], file.message)]
    return failed.map(test => line([name, test.fullName], test.failureMessages?.[0]))
  })
}

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
  return [...suites.flatMap(failuresInSuite), ...errors.map(({ message }) => line([], message))]
}

/**
 * @param {Suite} suite
 * @returns {string[]}
 */
function failuresInSuite({ specs = [], suites = [] }) {
  const own = specs.flatMap(({ title, file, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) => line([file, title], results.flatMap(({ errors }) => errors)[0]?.message)),
  )
  return [...own, ...suites.flatMap(failuresInSuite)]
}

/**
 * @param {readonly string[]} where
 * @param {string | undefined} message
 */
function line(where, message) {
  const [first = ''] = stripVTControlCharacters(message ?? '')
    .trim()
    .split('\n')
  return [...where, first].filter(part => part !== '').join(' › ')
}
