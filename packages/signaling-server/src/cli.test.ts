import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const program = ['--conditions=source', '--import', 'tsx', fileURLToPath(new URL('./cli.ts', import.meta.url))]

it('flotilla-signaling --help says what it goes by, without being told anything', { timeout: 30_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [...program, '--help'], { env: {} })
  for (const name of ['ORIGINS', 'PORT', 'HOST', 'PROXIES', '/signaling']) expect(stdout).toContain(name)
})
