/**
 * What the Lab costs a page: our own work in a frame of seven nodes with two hundred messages on their way, from a move of
 * the scrubber to its picture in a run of ten thousand events, a trace of a hundred thousand lines, and how soon it is there.
 */
import { gzipSync } from 'node:zlib'
import { chromium, type Page } from '@playwright/test'
import { inFewDigits, nodeIds, Run, runSetup } from '../../packages/simulator/src/lab/index.ts'
import { shareRun } from '../../packages/simulator/src/lab/share.ts'
import { writeTrace } from '../../packages/trace/src/index.ts'
import { framesOf, workBetween } from '../fixtures/frame-work.ts'
import { serveVisualizer } from '../servers/pages.ts'
import { launchOptions, visualizerAddress } from '../surroundings.ts'

const PLAYED_MS = 6_000
const SCRUBS = 300
const TRACE_LINES = 100_000
const LOADS = 5
const viewport = { width: 1440, height: 900 }

const server = await serveVisualizer()
const browser = await chromium.launch(launchOptions)
try {
  await measureFrames()
  await measureScrubs()
  await measureTrace()
  await measureFirstLoads()
} finally {
  await browser.close()
  await server.close()
}

async function measureFrames(): Promise<void> {
  const run = new Run(runSetup({ nodes: 7, tuning: { elections: 'manual', latencyMs: [700, 900] } }))
  run.act({ type: 'timeout', nodes: ['S1'] })
  run.playUntil(() => run.node('S1')?.role === 'leader', 10_000)
  for (let i = 0; i < 20; i++) {
    run.act({ type: 'write', node: 'S1', key: i % 4 })
    run.playTo(run.now + 100)
  }
  for (const [speed, faster] of [
    ['1/20 speed', 0],
    ['full speed', 8],
  ] as const) {
    const page = await openRun(run)
    for (let i = 0; i < faster; i++) await page.keyboard.press('f')
    await page.keyboard.press('Space')
    await page.waitForTimeout(500)
    await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'devtools.timeline.frame'] })
    await page.waitForTimeout(PLAYED_MS)
    const frames = framesOf(await browser.stopTracing()).sort((a, b) => a - b)
    await page.context().close()
    const name = `a frame of 7 nodes with ${run.latest.letters.length} messages, ${speed}, our own work`
    report(`${name}: median of ${frames.length}`, at(frames, 0.5), 'ms', { limit: 6 })
    report(`${name}: p99`, at(frames, 0.99), 'ms')
    report(`${name}: most`, at(frames, 1), 'ms', { limit: 16.7 })
  }
}

async function measureScrubs(): Promise<void> {
  const run = new Run(runSetup({ nodes: 5 }))
  for (let i = 0; run.steps.length < 10_000; i++) {
    const leader = nodeIds(5).find(id => run.node(id)?.role === 'leader')
    if (leader !== undefined) run.act({ type: i % 8 === 0 ? 'read' : 'write', node: leader, key: i % 4, local: false })
    run.playTo(run.now + 40)
  }
  const page = await openRun(run)
  for (const panel of ['Node', 'Clients', 'Checks']) {
    await page.getByRole('button', { name: panel, exact: true }).click()
    await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] })
    const times = (await scrub(page, SCRUBS)).sort((a, b) => a - b)
    const work = workBetween(await browser.stopTracing(), 'scrubbed', 'painted').sort((a, b) => a - b)
    const name = `from the scrubber to the picture, ${run.steps.length} events, ${panel} open`
    report(`${name}: p50`, at(times, 0.5), 'ms')
    report(`${name}: p95`, at(times, 0.95), 'ms', { limit: 50 })
    report(`${name}, our own work: p50`, at(work, 0.5), 'ms')
    report(`${name}, our own work: p95`, at(work, 0.95), 'ms', { limit: 50 })
  }
  await page.context().close()
}

/** Half of the moves go a little way on, half to anywhere. Each is over when its frame has been painted. */
function scrub(page: Page, count: number): Promise<number[]> {
  return page.evaluate(async count => {
    const input = document.querySelector<HTMLInputElement>('.scrubber-input')
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
    if (input === null || set === undefined) throw new Error('there is no scrubber')
    const painted = () =>
      new Promise<void>(resolve => {
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => resolve()
          port2.postMessage(undefined)
        })
      })
    const times: number[] = []
    let place = 0.5
    for (let i = 0; i < count; i++) {
      // As far apart as anything: the golden section.
      place = i % 2 === 0 ? (i * 0.618) % 1 : place + 0.002
      await painted()
      const begun = performance.now()
      performance.mark('scrubbed')
      set.call(input, String(place * Number(input.max)))
      input.dispatchEvent(new Event('input', { bubbles: true }))
      await painted()
      performance.mark('painted')
      times.push(performance.now() - begun)
    }
    return times
  }, count)
}

async function measureTrace(): Promise<void> {
  const run = new Run(runSetup({ nodes: 5 }))
  for (let i = 0; !run.isFull; i++) {
    const leader = nodeIds(5).find(id => run.node(id)?.role === 'leader')
    if (leader !== undefined) run.act({ type: 'write', node: leader, key: i % 4 })
    run.playTo(run.now + 20)
  }
  const events = run.steps.flatMap(({ trace }) => trace).slice(0, TRACE_LINES - 1)
  const buffer = Buffer.from(writeTrace({ title: 'long', voters: nodeIds(5), modified: [] }, events))
  const page = await openPage('#/lab')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.evaluate(() => {
    const times = { begun: 0, done: 0, longest: 0 }
    Object.assign(window, { times })
    addEventListener('change', () => (times.begun = performance.now()), { capture: true, once: true })
    let last = performance.now()
    const onFrame = () => {
      const now = performance.now()
      if (times.begun > 0 && times.done === 0)
        times.longest = Math.max(times.longest, now - Math.max(last, times.begun))
      last = now
      if (
        times.begun > 0 &&
        times.done === 0 &&
        /\d events\./.test(document.querySelector('.beside')?.textContent ?? '')
      )
        times.done = now
      requestAnimationFrame(onFrame)
    }
    requestAnimationFrame(onFrame)
  })
  await page.getByLabel('Open a trace').setInputFiles({ name: 'long.jsonl', mimeType: 'application/jsonl', buffer })
  await page.waitForFunction(() => 'times' in window && (window.times as { done: number }).done > 0)
  const times = await page.evaluate(() => ('times' in window ? (window.times as Record<string, number>) : {}))
  const name = `a trace of ${events.length + 1} lines (${(buffer.byteLength / 1e6).toFixed(0)} MB)`
  report(`${name}, opened and checked`, (times.done ?? 0) - (times.begun ?? 0), 'ms', { limit: 3_000 })
  report(`${name}: the page stood still for`, times.longest ?? 0, 'ms')
  await page.context().close()
}

async function measureFirstLoads(): Promise<void> {
  for (const hash of ['#/', '#/learn', '#/learn/figure-8/0', '#/lab', '#room=bench']) {
    const context = await browser.newContext({ viewport })
    const page = await context.newPage()
    const reading: Promise<number>[] = []
    page.on('response', response => {
      if (!/\/$|\.(?:html|js|css)$/.test(new URL(response.url()).pathname)) return
      reading.push(response.body().then(body => gzipSync(body).byteLength))
    })
    await page.goto(new URL(hash, visualizerAddress).href, { waitUntil: 'networkidle' })
    const bytes = (await Promise.all(reading)).reduce((sum, size) => sum + size, 0)
    report(`first load of ${hash}, gzip`, bytes / 1000, 'kB', { limit: 150 })
    await context.close()
  }
  const times: number[] = []
  for (let i = 0; i < LOADS; i++) {
    const page = await openPage('#/lab')
    await page.keyboard.press('ArrowRight')
    times.push(await page.evaluate(() => performance.getEntriesByName('interactive')[0]?.startTime ?? Number.NaN))
    await page.context().close()
  }
  report(
    `the Lab answers, fresh browser: median of ${LOADS}`,
    at(
      times.sort((a, b) => a - b),
      0.5,
    ),
    'ms',
    { limit: 1_000 },
  )
}

async function openRun(run: Run): Promise<Page> {
  const { setup, moves, now, latest } = run
  const page = await openPage(
    `#/lab/run=${await shareRun({ setup, moves, step: latest.index, until: inFewDigits(now) })}`,
  )
  await page.getByText(`event ${latest.index} of ${latest.index}`).waitFor()
  return page
}

async function openPage(hash: string): Promise<Page> {
  const context = await browser.newContext({ viewport })
  const page = await context.newPage()
  // What tsx writes into functions that it compiles, and a page does not have.
  await page.addInitScript('globalThis.__name = value => value')
  await page.addInitScript(() => {
    // There to be used: its buttons are drawn, and the page has nothing else to do.
    const seen = new MutationObserver(() => {
      if (document.querySelector('.play-button') === null) return
      seen.disconnect()
      requestAnimationFrame(() => setTimeout(() => performance.mark('interactive')))
    })
    seen.observe(document, { childList: true, subtree: true })
  })
  await page.goto(new URL(hash, visualizerAddress).href)
  await page.locator('.play-button').waitFor()
  await page.waitForFunction(() => performance.getEntriesByName('interactive').length > 0)
  return page
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function report(name: string, value: number, unit: string, beside?: { readonly limit: number }): void {
  const compared =
    beside === undefined ? {} : { ratio: value / beside.limit, against: `the limit of ${beside.limit} ${unit}` }
  console.log(JSON.stringify({ name, value, unit, ...compared }))
}
