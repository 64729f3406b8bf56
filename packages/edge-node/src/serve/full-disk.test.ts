import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import type { Filled } from '../fixtures/filling-process.ts'

const scratch = mkdtempSync(join(tmpdir(), 'flotilla-full-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const program = fileURLToPath(new URL('../fixtures/filling-process.ts', import.meta.url))

/** A process may mount a disk of its own, which goes with it, where it may make itself a namespace. */
const ON_A_SMALL_DISK = ['--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=3m tmpfs "$0" && exec "$@"']
const canMount = spawnSync('unshare', [...ON_A_SMALL_DISK, scratch, 'true']).status === 0

describe.skipIf(!canMount)('an edge node whose disk becomes full', () => {
  test('says so, ends with 74, and has lost nothing that it acknowledged', async () => {
    const node = [process.execPath, '--import', 'tsx', '--conditions=source', program, scratch]
    const { stdout } = await promisify(execFile)('unshare', [...ON_A_SMALL_DISK, scratch, ...node])
    const filled: Filled = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    expect(filled).toMatchObject({ exitCode: 74, refused: expect.stringMatching(/^the disk under .* is full: /) })
    expect(filled.log).toContainEqual({
      event: 'failed',
      kind: 'QuotaExceeded',
      reason: expect.stringMatching(/^the disk under .* is full: /),
    })
    expect(filled.storage.failure).toBe('QuotaExceeded')
    expect(filled.storage.acknowledged).toBeGreaterThan(0)
    expect(filled.storage.recovered).toBeGreaterThanOrEqual(filled.storage.acknowledged)
    expect(filled.acknowledged).toBeGreaterThan(0)
    expect(filled.recovered).toBeGreaterThanOrEqual(filled.acknowledged)
  })
})
