/**
 * What it is worth to have nodes in workers: how long a write takes to commit in three real tabs, with nodes in workers and with nodes in
 * pages, beside the bare quorum commit between the same tabs; also while the leader's page is busy 40 of every 50 ms, as seen by a tab that is not.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { freshRoom, leaderOf, threeTabs } from '../fixtures/node-page.ts'
import { serveHarness } from '../servers/pages.ts'
import { launchOptions } from '../surroundings.ts'
import { layFloor, measureBareCommits, removeFloor } from './floor.ts'

const WRITES = 200

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
    const [follower] = others
    if (follower === undefined) throw new Error('three tabs have two followers')
    await layFloor(leader, others)
    const bare = await measureBareCommits(leader, others)
    await removeFloor(tabs)
    await latencies(leader, 50)
    report(`nodes in ${place}s: a bare quorum commit`, bare)
    report(`nodes in ${place}s: commit, seen at the leader`, await latencies(leader, WRITES), bare)
    report(`nodes in ${place}s: commit, seen at a follower`, await latencies(follower, WRITES), bare)

    // A string, because tsx marks functions' names with a helper of its own, which the page does not have.
    await leader.evaluate(`window.busy = setInterval(() => window.nodePage.block(40), 50)`)
    report(`nodes in ${place}s: the same while the leader’s page is busy`, await latencies(follower, WRITES), bare)
    await leader.evaluate('clearInterval(window.busy)')
  } finally {
    await context.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

function latencies(page: Page, count: number): Promise<number[]> {
  return page.evaluate(count => window.nodePage?.latencies(count) ?? [], count)
}

function report(name: string, times: readonly number[], floor?: readonly number[]): void {
  for (const p of [50, 99] as const) {
    const value = percentile(times, p)
    const ratio = floor && { ratio: value / percentile(floor, p), against: `a bare quorum commit, p${p}` }
    console.log(JSON.stringify({ name: `${name}, p${p}`, value, unit: 'ms', ...ratio }))
  }
}

function percentile(times: readonly number[], p: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN
}
