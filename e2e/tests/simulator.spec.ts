/** The same seeds run the same in every browser as in Node: whatever fails in one can be looked at in the other. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { rounds } from '../../scripts/lib/long-run.mjs'
import { reportFromFirefox } from '../fixtures/firefox.ts'
import { program } from '../fixtures/program.ts'
import type {} from '../harness/simulator.ts'
import { harnessAddress } from '../surroundings.ts'

const root = join(import.meta.dirname, '..', '..')
const address = new URL('simulator.html', harnessAddress).href
const seeds = 100
/** Of whole rooms, which take longer. */
const rooms = rounds(5, 20)

type Sum = {
  readonly seeds: number
  readonly events: number
  readonly hash: number
}

let inNode: Sum

test.beforeAll(() => {
  inNode = runInNode('--seeds', String(seeds))
})

function runInNode(...which: string[]): Sum {
  const cli = join(root, 'packages/simulator/src/cli/cli.ts')
  const args = ['--import', 'tsx', '--conditions=source', cli, '--json', '--workers', '1', ...which]
  const { seeds, events, hash } = JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }))
  return { seeds, events, hash }
}

test('a hundred seeds have the same traces in this browser and in Node', async ({ page }) => {
  await page.goto(address)
  await page.waitForFunction(() => window.sweepSeeds !== undefined)
  expect(await page.evaluate(seeds => window.sweepSeeds?.(1, seeds), seeds)).toMatchObject(inNode)
})

test('rooms of real nodes have the same traces in this browser and in Node', { tag: '@long' }, async ({ page }) => {
  const there = runInNode('--runtime', '--seeds', String(rooms))
  await page.goto(address)
  await page.waitForFunction(() => window.sweepRuntimeSeeds !== undefined)
  expect(await page.evaluate(rooms => window.sweepRuntimeSeeds?.(1, rooms), rooms)).toMatchObject(there)
})

test('a hundred seeds have the same traces in Firefox and in Node', { tag: '@long' }, async () => {
  const there = await reportFromFirefox(program('firefox'), `${address}?seeds=${seeds}`)
  expect(there).toMatchObject({ userAgent: expect.stringContaining('Firefox/'), ...inNode })
})
