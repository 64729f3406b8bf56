/**
 * A reporter for Vitest that leaves in the file FLOTILLA_UNIT_REPORT how much passed and what failed. Vitest's own JSON says of a
 * hook that failed neither which one nor why.
 */
import { writeFileSync } from 'node:fs'
import { failure } from './failures.mjs'

/**
 * What of Vitest's own types is read here.
 *
 * @typedef {{ message: string }} TestError
 * @typedef {{ fullName: string, result: () => { state: string, errors?: readonly TestError[] } }} TestCase
 * @typedef {{ fullName: string, errors: () => readonly TestError[] }} TestSuite
 * @typedef {{ allTests: () => Iterable<TestCase>, allSuites: () => Iterable<TestSuite> }} Children
 * @typedef {{ relativeModuleId: string, children: Children, errors: () => readonly TestError[] }} TestModule
 */

export default class VitestReport {
  /**
   * @param {readonly TestModule[]} modules
   * @param {readonly TestError[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env.FLOTILLA_UNIT_REPORT
    if (file === undefined) throw new Error('FLOTILLA_UNIT_REPORT names no file for the report')
    writeFileSync(file, JSON.stringify(outcomeOf(modules, unhandledErrors)))
  }
}

/**
 * Beside each failed test, each error outside of tests counts as a failure: of a file that does not load, of a hook (whose tests
 * are then skipped), and those that nobody caught.
 *
 * @param {readonly TestModule[]} modules
 * @param {readonly TestError[]} unhandledErrors
 * @returns {import('./stages.mjs').Outcome}
 */
function outcomeOf(modules, unhandledErrors) {
  const tests = modules.flatMap(module => [...module.children.allTests()])
  const count = (/** @type {string} */ state) => tests.filter(test => test.result().state === state).length
  const failures = [...modules.flatMap(failuresIn), ...unhandledErrors.map(({ message }) => failure([], message))]
  return { passed: count('passed'), failed: failures.length, skipped: count('skipped'), failures }
}

/** @param {TestModule} module */
function failuresIn(module) {
  const file = module.relativeModuleId
  const { children } = module
  return [
    ...module.errors().map(({ message }) => failure([file], message)),
    ...[...children.allSuites()].flatMap(suite =>
      suite.errors().map(({ message }) => failure([file, suite.fullName], message)),
    ),
    ...[...children.allTests()]
      .filter(test => test.result().state === 'failed')
      .map(test => failure([file, test.fullName], test.result().errors?.[0]?.message)),
  ]
}
