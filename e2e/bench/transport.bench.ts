/** What the WebRTC transport costs between real tabs: a mesh, round trips of small frames, and bulk. */
import { randomUUID } from 'node:crypto'
import { chromium, type Page } from '@playwright/test'
import type {} from '../harness/mesh.ts'
import { serveHarness } from '../servers/pages.ts'
import { harnessAddress, launchOptions } from '../surroundings.ts'

const ROUND_TRIPS = 2_000
const BULK_FRAMES = 1_000
const BULK_BYTES = 64 * 1024

const server = await serveHarness()
const browser = await chromium.launch(launchOptions)
try {
  const context = await browser.newContext()
  const ids = ['a', 'b', 'c', 'd', 'e']
  const pages = await Promise.all(
    ids.map(async () => {
      const page = await context.newPage()
      await page.goto(new URL('mesh.html', harnessAddress).href)
      await page.waitForFunction(() => window.tab !== undefined)
      return page
    }),
  )
  const begun = performance.now()
  await enter(pages, ids)
  report('full mesh of 5 tabs', performance.now() - begun, 'ms')
  await Promise.all(pages.map(page => page.evaluate(() => window.tab?.close())))

  const [a, b] = pages
  if (a === undefined || b === undefined) throw new Error('five pages were opened')
  await enter([a, b], ['a', 'b'])
  await a.evaluate(() => window.tab?.roundTrips('b', 200, 100))
  const times = await a.evaluate(count => window.tab?.roundTrips('b', count, 100), ROUND_TRIPS)
  const sorted = (times ?? []).sort((x, y) => x - y)
  for (const percent of [50, 99]) {
    report(`round trip of 100 bytes, p${percent}`, sorted[Math.floor((sorted.length * percent) / 100)] ?? 0, 'ms')
  }
  const bytesPerSecond = await a.evaluate(([count, bytes]) => window.tab?.throughput('b', count, bytes), [
    BULK_FRAMES,
    BULK_BYTES,
  ] as const)
  report('bulk', (bytesPerSecond ?? 0) / 1e6, 'MB/s')
} finally {
  await browser.close()
  await server.close()
}

/** Resolves once each is linked to all the others. */
async function enter(pages: readonly Page[], ids: readonly string[]): Promise<void> {
  const room = randomUUID()
  await Promise.all(
    pages.map((page, i) => page.evaluate(([room, id]) => window.tab?.open(room, id), [room, ids[i] ?? ''] as const)),
  )
  await Promise.all(
    pages.map((page, i) =>
      page.evaluate(
        others => window.tab?.linkedTo(others),
        ids.filter((_, other) => other !== i),
      ),
    ),
  )
}

function report(name: string, value: number, unit: string): void {
  console.log(JSON.stringify({ name, value, unit }))
}
