/** The same seeds run the same in a browser as in Node: whatever fails in one can be looked at in the other. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type {} from '../harness/simulator.ts'
import { harnessAddress } from '../surroundings.ts'

const root = join(import.meta.dirname, '..', '..')
const seeds = 100

test('a hundred seeds have the same traces in this browser and in Node', async ({ page }) => {
  await page.goto(new URL('simulator.html', harnessAddress).href)
  await page.waitForFunction(() => window.sweepSeeds !== undefined)
  const here = await page.evaluate(seeds => window.sweepSeeds?.(1, seeds), seeds)

  const cli = join(root, 'packages/simulator/src/cli.ts')
  const args = ['--import', 'tsx', '--conditions=source', cli, '--json', '--workers', '1', '--seeds', String(seeds)]
  const there: unknown = JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }))
  expect(there).toMatchObject({ seeds, hash: here?.hash, events: here?.events })
})
