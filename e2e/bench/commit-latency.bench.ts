/**
 * How long a write takes to commit in real tabs, beside the least it could take between the very same tabs: at the
 * leader one round trip on a data channel and one strict IndexedDB write; at a follower two round trips and one write.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { TabCluster } from '../fixtures/cluster.ts'
import type { Tab } from '../fixtures/tab.ts'
import { buildAndPreview } from '../servers/preview.ts'
import { launchOptions } from '../surroundings.ts'
import { measureRoundTrips, measureStrictWrites } from './floor.ts'

const WRITES = 300

const server = await buildAndPreview()
const profile = await mkdtemp(join(tmpdir(), 'flotilla-bench-'))
const cluster = await TabCluster.start(() => chromium.launchPersistentContext(profile, launchOptions))
try {
  await cluster.open(3)
  const leader = await cluster.waitForVoters()
  const [follower] = await cluster.followers()
  if (follower === undefined) throw new Error('three tabs have two followers')

  const roundTrip = await measureRoundTrips(leader.page, follower.page)
  const write = await measureStrictWrites(follower.page)
  report('data-channel round trip', roundTrip)
  report('strict IndexedDB write', write)
  await measureCommits(leader, 'warm up', 50)
  report('commit at the leader', await measureCommits(leader, 'leader', WRITES), {
    name: 'one round trip + one write',
    p50: percentile(roundTrip, 50) + percentile(write, 50),
    p99: percentile(roundTrip, 99) + percentile(write, 99),
  })
  report('commit at a follower', await measureCommits(follower, 'follower', WRITES), {
    name: 'two round trips + one write',
    p50: 2 * percentile(roundTrip, 50) + percentile(write, 50),
    p99: 2 * percentile(roundTrip, 99) + percentile(write, 99),
  })
} finally {
  await cluster.stop()
  await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  await server.close()
}

/** Milliseconds of each of `count` writes, one after the other, timed inside the tab. */
function measureCommits(tab: Tab, name: string, count: number): Promise<number[]> {
  return tab.page.evaluate(
    async ([name, count]) => {
      const { flotilla } = window
      if (flotilla === undefined) throw new Error('the page has no node yet')
      const times: number[] = []
      for (let i = 0; i < count; i++) {
        const begun = performance.now()
        await flotilla.set(`${name}-${i}`, 'x'.repeat(80))
        times.push(performance.now() - begun)
      }
      return times
    },
    [name, count] as const,
  )
}

interface Floor {
  readonly name: string
  readonly p50: number
  readonly p99: number
}

/** One line each for the median and the 99th percentile. */
function report(name: string, times: readonly number[], floor?: Floor): void {
  for (const p of [50, 99] as const) {
    const value = percentile(times, p)
    const ratio = floor && { ratio: value / floor[`p${p}`], against: `${floor.name}, p${p}` }
    console.log(JSON.stringify({ name: `${name}, p${p}`, value, unit: 'ms', ...ratio }))
  }
}

function percentile(times: readonly number[], p: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN
}
