import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { candidates, starts } from './executable.mjs'

/** @type {string} */
let folder

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-executable-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('folders and files that cannot be executed are no programs', () => {
  mkdirSync(join(folder, 'chromium'))
  writeFileSync(join(folder, 'google-chrome'), '')
  expect(candidates(folder, ['chromium', 'google-chrome'])).toEqual([])
})

test('a program starts if it tells its version, by whichever flag it knows', () => {
  const file = join(folder, 'java')
  writeFileSync(file, '#!/bin/sh\n[ "$1" = -version ]\n')
  chmodSync(file, 0o755)
  expect(starts(file, '-version')).toBe(true)
  expect(starts(file)).toBe(false)
  expect(starts(join(folder, 'nothing'))).toBe(false)
})
