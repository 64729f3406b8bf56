import { expect, test } from 'vitest'
import { failuresInPlaywright } from './failures.mjs'

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
  expect(failuresInPlaywright({ suites: [], errors: [] })).toEqual([])
})
