import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inRoot } from './root.mjs'
import { tool } from './run.mjs'

/** @type {string} */
let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-report-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('of a run of Vitest each failed test, hook and file is told with the first line of why, and what nobody caught', () => {
  const file = join(folder, 'report.json')
  const fixtures = inRoot('scripts', 'lib', 'fixtures', 'vitest')
  const reporter = inRoot('scripts', 'lib', 'vitest-report.mjs')
  const config = join(fixtures, 'vitest.config.mjs')
  const [node, ...args] = tool('vitest', ['run', '--config', config, '--root', fixtures, `--reporter=${reporter}`])
  const { VITEST: _, ...env } = process.env
  const { status } = spawnSync(node, args, { env: { ...env, FLOTILLA_UNIT_REPORT: file } })
  expect(status).toBe(1)
  const { failures, ...counts } = JSON.parse(readFileSync(file, 'utf8'))
  expect(failures.sort()).toEqual([
    'bad-day.mjs › after › the server does not end',
    'bad-day.mjs › before › no server',
    'bad-day.mjs › fails › a log shrank',
    'does-not-load.mjs › no such module',
    'nobody waits for this',
  ])
  expect(counts).toEqual({ passed: 2, failed: 5, skipped: 2 })
})
