/**
 * What it is worth to have nodes in workers: how long a write takes to commit in three real tabs, with nodes in workers and with nodes in
 * pages, in turns with bare quorum commits in workers of the same tabs; also while the leader's page is busy 40 of every 50 ms, as seen by a tab that is not.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { freshRoom, leaderOf, threeTabs } from '../fixtures/node-page.ts'
import { serveHarness } from '../servers/pages.ts'
import { launchOptions } from '../surroundings.ts'
import { besideBare, layBare, report } from './beside-bare.ts'

const ROUNDS = 10

const server = await serveHarness()
try {
  for (const place of ['worker', 'page'] as const) await measure(place)
} finally {
  await server.close()
}

async function measure(place: 'worker' | 'page'): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'flotilla-bench-'))
  const context = await chromium.launchPersistentContext(profile, launchOptions)
  try {
    const asked = place === 'page' ? (['page', 'page', 'page'] as const) : []
    const tabs = await threeTabs(context, freshRoom(), asked)
    const { leader, others } = await leaderOf(tabs)
    const [lead, follow] = await layBare(leader, others)
    if (follow === undefined) throw new Error('three tabs have two followers')
    await besideBare(2, lead, 'commit')
    report(`nodes in ${place}s: committed at the leader`, await besideBare(ROUNDS, lead, 'commit'))
    report(`nodes in ${place}s: committed at a follower`, await besideBare(ROUNDS, follow, 'ask'))

    // A string, because tsx marks functions' names with a helper of its own, which the page does not have.
    await leader.evaluate(`window.busy = setInterval(() => window.nodePage.block(40), 50)`)
    report(`nodes in ${place}s: the same while the leader’s page is busy`, await besideBare(ROUNDS, follow, 'ask'))
    await leader.evaluate('clearInterval(window.busy)')
  } finally {
    await context.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
