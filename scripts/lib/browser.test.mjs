import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findBrowser } from './browser.mjs'

/** @type {string} */
let folder

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-browser-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A program that says a version, or fails, as browsers and left-over launchers do. */
function program(/** @type {string} */ path, exitCode = 0) {
  const file = join(folder, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, `#!/bin/sh\nexit ${exitCode}\n`)
  chmodSync(file, 0o755)
  return file
}

test('a Chromium is preferred to a Chrome, wherever they are on the search path', () => {
  program('first/google-chrome')
  const chromium = program('second/chromium')
  const path = [join(folder, 'first'), join(folder, 'second'), ''].join(delimiter)
  expect(findBrowser({ PATH: path })).toBe(chromium)
})

test('a launcher that does not start is passed over', () => {
  program('chromium', 1)
  const chrome = program('google-chrome')
  expect(findBrowser({ PATH: folder })).toBe(chrome)
})

test('FLOTILLA_BROWSER overrules, and must start', () => {
  program('chromium')
  const mine = program('mine')
  expect(findBrowser({ PATH: folder, FLOTILLA_BROWSER: mine })).toBe(mine)
  expect(() => findBrowser({ PATH: folder, FLOTILLA_BROWSER: program('broken', 1) })).toThrow('does not start')
})
