import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findProgram, whyMissing } from './programs.mjs'

/** @type {string} */
let folder

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-programs-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function program(/** @type {string} */ name, exitCode = 0) {
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\nexit ${exitCode}\n`)
  chmodSync(file, 0o755)
  return file
}

test('a program is found under any of its names, unless it does not start', () => {
  program('firefox', 1)
  const esr = program('firefox-esr')
  expect(findProgram('firefox', { PATH: folder })).toBe(esr)
})

test('a Chromium is no Firefox', () => {
  const chromium = program('chromium')
  expect(findProgram('firefox', { PATH: folder })).not.toBe(chromium)
})

test('the variable of its name overrules, and must start', () => {
  program('nats-server')
  const mine = program('mine')
  expect(findProgram('nats-server', { PATH: folder, FLOTILLA_NATS_SERVER: mine })).toBe(mine)
  const broken = { PATH: folder, FLOTILLA_NATS_SERVER: program('broken', 1) }
  expect(() => findProgram('nats-server', broken)).toThrow('FLOTILLA_NATS_SERVER names')
})

test('a missing one says in one line how to get it', () => {
  expect(whyMissing('turnserver')).toBe(
    'there is no TURN server here: install one (Debian: coturn), or name one with FLOTILLA_TURNSERVER',
  )
})
