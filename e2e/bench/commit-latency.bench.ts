/**
 * How long a write takes to commit in three real tabs, beside the least it could take between the very same tabs, in turns of a few
 * writes each: a bare quorum commit of three bare nodes in workers (`harness/bare-node.ts`), which at a follower is asked for and answered
 * over a channel. Ours are seen in the pages whose nodes are in workers; the bare ones in the same way, and also in their workers, where the way
 * there and back costs nothing: the least of all.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { freshRoom, leaderOf, threeTabs } from '../fixtures/node-page.ts'
import { serveHarness } from '../servers/pages.ts'
import { launchOptions } from '../surroundings.ts'
import { besideBare, inTurns, layBare, percentile, report } from './beside-bare.ts'

const ROUNDS = 20
const IN_FLIGHT = 100
const RATE_TURN_MS = 500

const server = await serveHarness()
const profile = await mkdtemp(join(tmpdir(), 'flotilla-bench-'))
const context = await chromium.launchPersistentContext(profile, launchOptions)
try {
  const tabs = await threeTabs(context, freshRoom())
  const { leader: leads, others } = await leaderOf(tabs)
  const [leader, follower] = await layBare(leads, others)
  if (follower === undefined) throw new Error('three tabs have two followers')

  // A beginning for all of it: nothing is compiled yet.
  await besideBare(2, leader, 'commit')
  await besideBare(2, follower, 'ask')
  report('committed at the leader', await besideBare(ROUNDS, leader, 'commit'))
  report('committed at a follower', await besideBare(ROUNDS, follower, 'ask'))

  // A string, because tsx marks functions' names with a helper of its own, which the page does not have.
  await leader.page.evaluate(`window.busy = setInterval(() => window.nodePage.block(40), 50)`)
  report(
    'committed at a follower while the leader’s page is busy 40 of every 50 ms',
    await besideBare(ROUNDS, follower, 'ask'),
  )
  await leader.page.evaluate('clearInterval(window.busy)')

  const each = [IN_FLIGHT, RATE_TURN_MS] as const
  const rates = await inTurns(ROUNDS / 2, {
    bare: async () => [await leader.bare.evaluate((bare, [n, ms]) => bare.rate(n, ms), each)],
    ours: async () => [await leader.page.evaluate(([n, ms]) => window.nodePage?.rate(n, ms) ?? 0, each)],
  })
  reportRates(rates.get('bare') ?? [], rates.get('ours') ?? [])
  for (const { bare } of [leader, follower]) await bare.evaluate(bare => bare.close())
} finally {
  await context.close()
  await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  await server.close()
}

function reportRates(bare: readonly number[], ours: readonly number[]): void {
  const floor = percentile(bare, 50)
  const name = `${IN_FLIGHT} in flight at the leader, median of ${ours.length} turns`
  console.log(JSON.stringify({ name: `bare: ${name}`, value: floor, unit: 'writes/s' }))
  const beside = { ratio: percentile(ours, 50) / floor, against: 'bare' }
  console.log(JSON.stringify({ name, value: percentile(ours, 50), unit: 'writes/s', ...beside }))
}
