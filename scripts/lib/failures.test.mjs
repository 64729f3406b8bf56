import { expect, test } from 'vitest'
import { failuresInPlaywright, failuresInVitest } from './failures.mjs'
import { inRoot } from './root.mjs'

test("of Vitest's report each failed test is told with the first line of why", () => {
  const failed = { status: 'failed', fullName: 'a log grows', failureMessages: ['Error: it shrank\n    at log.ts:1'] }
  const assertionResults = [{ status: 'passed', fullName: 'a log is' }, failed]
  const report = { testResults: [{ name: inRoot('log.test.ts'), status: 'failed', assertionResults }] }
  expect(failuresInVitest(report)).toEqual(['log.test.ts › a log grows › Error: it shrank'])
})

test('a file that does not load is told with why', () => {
  const file = { name: inRoot('log.test.ts'), status: 'failed', message: 'no such module', assertionResults: [] }
  expect(failuresInVitest({ testResults: [file] })).toEqual(['log.test.ts › no such module'])
})

test("of Playwright's report failed and flaky tests are told, however deep, and errors outside any test", () => {
  const spec = (/** @type {string} */ title, /** @type {string} */ status) => ({
    title,
    file: 'room.spec.ts',
    tests: [
      { status, results: [{ errors: status === 'expected' ? [] : [{ message: '\u001b[31mTimed out\u001b[39m' }] }] },
    ],
  })
  const inner = { title: 'a room', specs: [spec('opens', 'unexpected'), spec('closes', 'expected')] }
  const suites = [{ title: 'room.spec.ts', specs: [spec('waits', 'flaky')], suites: [inner] }]
  expect(failuresInPlaywright({ suites, errors: [{ message: 'no server' }] })).toEqual([
    'room.spec.ts › waits › Timed out',
    'room.spec.ts › opens › Timed out',
    'no server',
  ])
})

test('where nothing failed nothing is told', () => {
  expect(failuresInVitest({ testResults: [] })).toEqual([])
  expect(failuresInPlaywright({ suites: [], errors: [] })).toEqual([])
})
