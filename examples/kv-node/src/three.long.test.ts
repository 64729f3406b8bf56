import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('three processes agree, survive kill -9 of their leader, and take it back in with what it had', async () => {
  const program = fileURLToPath(new URL('./three.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--conditions=source', program])
  expect(stdout).toContain('written at a follower, read at another: colour is "blue"')
  expect(stdout).toContain('leads now, and the two go on: colour is "green"')
  expect(stdout).toContain('the killed one is back as the same node, and reads: colour is "green"')
})
