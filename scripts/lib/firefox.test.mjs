import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findFirefox } from './firefox.mjs'

/** @type {string} */
let folder

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-firefox-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function program(/** @type {string} */ name, exitCode = 0) {
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\nexit ${exitCode}\n`)
  chmodSync(file, 0o755)
  return file
}

test('a Firefox is found under either name, unless it does not start', () => {
  program('firefox', 1)
  const esr = program('firefox-esr')
  expect(findFirefox({ PATH: folder })).toBe(esr)
})

test('a Chromium is no Firefox', () => {
  const chromium = program('chromium')
  expect(findFirefox({ PATH: folder })).not.toBe(chromium)
})

test('FLOTILLA_FIREFOX overrules, and must start', () => {
  program('firefox')
  const mine = program('mine')
  expect(findFirefox({ PATH: folder, FLOTILLA_FIREFOX: mine })).toBe(mine)
  expect(() => findFirefox({ PATH: folder, FLOTILLA_FIREFOX: program('broken', 1) })).toThrow('does not start')
})
