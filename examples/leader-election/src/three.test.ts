import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('of three processes exactly one is in charge, also after kill -9, and members come and go by hand', async () => {
  const program = fileURLToPath(new URL('./three.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--conditions=source', program])
  expect(stdout).toContain('all three say that')
  expect(stdout).toContain('which is later: true')
  expect(stdout).toMatch(/by hand: remove \w+\nby hand: remove (\w+)\nby hand: add \1\n/)
})
