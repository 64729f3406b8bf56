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
import { serveVisualizer } from '../servers/pages.ts'
import { launchOptions } from '../surroundings.ts'
import { layFloor, measureBareCommits, measureRoundTrips, measureStrictWrites, removeFloor } from './floor.ts'

const WRITES = 300

const server = await serveVisualizer()
const profile = await mkdtemp(join(tmpdir(), 'flotilla-bench-'))
const cluster = await TabCluster.start(() => chromium.launchPersistentContext(profile, launchOptions))
try {
  await cluster.open(3)
  const leader = await cluster.waitForVoters()
  const [follower] = await cluster.followers()
  if (follower === undefined) throw new Error('three tabs have two followers')

  const pages = cluster.tabs.map(tab => tab.page)
  const others = pages.filter(page => page !== leader.page)
  await layFloor(leader.page, others)
  const roundTrip = await measureRoundTrips(leader.page, follower.page)
  const write = await measureStrictWrites(follower.page)
  const bare = await measureBareCommits(leader.page, others)
  await removeFloor(pages)
  const floors: readonly Floor[] = [
    { name: 'one round trip + one write', of: p => percentile(roundTrip, p) + percentile(write, p) },
    { name: 'two round trips + one write', of: p => 2 * percentile(roundTrip, p) + percentile(write, p) },
  ]
  const bareFloor: Floor = { name: 'a bare quorum commit', of: p => percentile(bare, p) }
  report('data-channel round trip', roundTrip)
  report('strict IndexedDB write', write)
  report('bare quorum commit', bare, floors[0])
  await measureCommits(leader, 'warm up', 50)
  const atLeader = await measureCommits(leader, 'leader', WRITES)
  report('commit at the leader', atLeader, floors[0])
  report('commit at the leader', atLeader, bareFloor)
  report('commit at a follower', await measureCommits(follower, 'follower', WRITES), floors[1])
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
  of(percent: 50 | 99): number
}

/** One line each for the median and the 99th percentile. */
function report(name: string, times: readonly number[], floor?: Floor): void {
  for (const p of [50, 99] as const) {
    const value = percentile(times, p)
    const ratio = floor && { ratio: value / floor.of(p), against: `${floor.name}, p${p}` }
    console.log(JSON.stringify({ name: `${name}, p${p}`, value, unit: 'ms', ...ratio }))
  }
}

function percentile(times: readonly number[], p: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN
}
