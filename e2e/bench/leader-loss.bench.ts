/**
 * How soon tabs have a leader: from the moment in which they are opened, and from the moment in which the leader's tab is
 * closed or crashes. A crash takes an election timeout, a close does not: the one is beside the other.
 */
import { chromium } from '@playwright/test'
import { TabCluster } from '../fixtures/cluster.ts'
import { serveVisualizer } from '../servers/pages.ts'
import { launchOptions } from '../surroundings.ts'

const ROUNDS = 10

const server = await serveVisualizer()
const browser = await chromium.launch(launchOptions)
try {
  for (const tabs of [3, 5]) {
    const opening: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const cluster = await TabCluster.start(() => browser.newContext())
      opening.push(await timed(() => cluster.open(tabs).then(() => cluster.waitForAgreement())))
      await cluster.stop()
    }
    report(`${tabs} tabs opened at once agree on a leader`, median(opening))
  }

  const took = { crash: [] as number[], close: [] as number[] }
  const cluster = await TabCluster.start(() => browser.newContext())
  await cluster.open(3)
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const how = round % 2 === 0 ? 'close' : 'crash'
    const leader = await cluster.waitForVoters()
    took[how].push(await timed(() => cluster[how](leader).then(() => cluster.waitForAgreement())))
    await cluster.open(1)
  }
  await cluster.stop()
  const crash = median(took.crash)
  report('another leader after a crash of the first', crash)
  report('another leader after a close of the first', median(took.close), {
    ratio: median(took.close) / crash,
    against: 'after a crash',
  })
} finally {
  await browser.close()
  await server.close()
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

function report(name: string, value: number, beside: { ratio: number; against: string } | undefined = undefined): void {
  console.log(JSON.stringify({ name: `${name}, median`, value, unit: 'ms', ...beside }))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
