import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { killAgainAndAgain } from '../fixtures/kill-again-and-again.ts'

test('a node that is killed while it writes, a hundred times, loses nothing that it acknowledged', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'flotilla-killed-'))
  try {
    expect((await killAgainAndAgain(dataDir, 100)).acknowledged).toBeGreaterThan(100)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}, 3_600_000)
