/**
 * What a board of 10,000 cards costs a page, beside one of 100 and beside as many cards of React and zustand alone: how soon its cards are
 * there after a reload, and how soon an edit is shown and committed. One browser, whose node runs in a worker. The ratio to the bare list
 * means something on a busy machine too.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, expect, type Page } from '@playwright/test'
import { build } from 'vite'
import { opened } from '../fixtures/board-page.ts'
import { RoomServer } from '../fixtures/room-server.ts'
import { serveVisualizer } from '../servers/pages.ts'
import { launchOptions, runFolder } from '../surroundings.ts'

const SIZES = [100, 10_000]
const LOADS = 5
const EDITS = 30

const pages = await serveVisualizer()
await build({
  configFile: false,
  root: join(import.meta.dirname, '..', '..', 'apps', 'board', 'src', 'bench'),
  base: './',
  logLevel: 'warn',
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: join(runFolder, 'visualizer', 'floor'),
    emptyOutDir: true,
    target: 'es2023',
    rolldownOptions: { input: join(import.meta.dirname, '..', '..', 'apps', 'board', 'src', 'bench', 'floor.html') },
  },
})
const server = await RoomServer.start()
const browser = await chromium.launch(launchOptions)
try {
  for (const size of SIZES) {
    const shown = await measure(size)
    const bare = await measureBare(size)
    const ratio = Number((shown / bare).toFixed(2))
    const name = `${size} cards: from the key press to the new card in the page, beside a bare list`
    console.log(
      JSON.stringify({ name, value: shown, unit: 'ms', ratio, against: 'as many of React and zustand alone' }),
    )
  }
} finally {
  await browser.close()
  await server.stop()
  await pages.close()
}

/** @returns how long an edit takes until it is shown, median */
async function measure(size: number): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  // What tsx puts around the names of functions, also of those that go to the page.
  await context.addInitScript('globalThis.__name = value => value')
  // When the first card came into the page, since it began to load.
  await context.addInitScript(() => {
    const seen = new MutationObserver(() => {
      if (document.querySelector('article[data-card]') === null) return
      performance.mark('first-card')
      seen.disconnect()
    })
    seen.observe(document, { childList: true, subtree: true })
  })
  const page = await opened(context, server.newRoom().replace('/#', '/board/#'))
  await page.setViewportSize({ width: 1440, height: 900 })
  const file = join(runFolder, `board-${size}.json`)
  await writeFile(file, fileOf(size))
  await page.getByRole('button', { name: 'Export and import' }).click()
  await page.getByLabel('Import a board').setInputFiles(file)
  await settled(page, size)

  const loads: number[] = []
  for (let i = 0; i < LOADS; i++) {
    await page.reload()
    await settled(page, size)
    loads.push(await page.evaluate(() => performance.getEntriesByName('first-card')[0]?.startTime ?? Number.NaN))
  }
  report(`${size} cards: the first of them in the page, after a reload`, loads, 'ms')

  await page.getByRole('button', { name: 'Add a card to todo' }).click()
  const edits: { readonly shown: number; readonly painted: number; readonly committed: number }[] = []
  for (let i = 0; i < EDITS; i++) {
    await page.getByLabel('Title of the new card').fill(`Edit ${i}`)
    edits.push(await page.evaluate(timeOfEdit, `Edit ${i}`))
  }
  const shown = report(
    `${size} cards: from the key press to the new card in the page`,
    edits.map(({ shown }) => shown),
    'ms',
  )
  report(
    `${size} cards: from the key press to the frame after it`,
    edits.map(({ painted }) => painted),
    'ms',
  )
  report(
    `${size} cards: from the key press to its commit, with one node`,
    edits.map(({ committed }) => committed),
    'ms',
  )
  await context.close()
  return shown
}

/** The same edits of cards that are nobody else's. */
async function measureBare(size: number): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addInitScript('globalThis.__name = value => value')
  const page = await context.newPage()
  await page.goto(`http://localhost:${server.port}/floor/floor.html?cards=${size}`)
  const shown: number[] = []
  for (let i = 0; i < EDITS; i++) {
    await page.getByLabel('Title of the new card').fill(`Edit ${i}`)
    shown.push((await page.evaluate(timeOfEdit, `Edit ${i}`)).shown)
  }
  await context.close()
  return report(`${size} cards of React and zustand alone: from the key press to the new card in the page`, shown, 'ms')
}

/** In the page. */
async function timeOfEdit(title: string): Promise<{ shown: number; painted: number; committed: number }> {
  const tile = (): Element | undefined =>
    [...document.querySelectorAll('article[data-card]')].find(each => each.querySelector('h3')?.textContent === title)
  const frame = (): Promise<number> => new Promise(resolve => requestAnimationFrame(() => resolve(performance.now())))
  await frame()
  const begin = performance.now()
  const field = document.querySelector('.new-card textarea')
  field?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
  await Promise.resolve()
  while (tile() === undefined) await frame()
  const shown = performance.now() - begin
  const painted = (await frame()) - begin
  while (tile()?.matches('.saved, .unsaved, .sent') !== false) await frame()
  return { shown, painted, committed: performance.now() - begin }
}

/** As the board exports it. */
function fileOf(count: number): string {
  const columns = ['todo', 'doing', 'done']
  const card = (i: number): object => ({
    title: `Card ${i} of many`,
    notes: i % 5 === 0 ? 'Some notes that say a little more about it.' : '',
    column: columns[i % columns.length],
    rank: i,
    assignee: i % 3 === 0 ? 'Lena' : '',
    due: i % 7 === 0 ? '2026-06-04' : '',
    steps: i % 4 === 0 ? [{ id: `${i}-step`, text: 'Ask the rowing club', done: i % 8 === 0 }] : [],
    comments: [],
    movedBy: 'Lena',
    writtenBy: 'Lena',
  })
  const cards = Object.fromEntries(Array.from({ length: count }, (_, i) => [`card-${i}`, card(i)]))
  const board = { title: 'Many cards', columns: columns.map(id => ({ id, name: id })), cards }
  return JSON.stringify({ format: 'flotilla-board', version: 1, board })
}

async function settled(page: Page, size: number): Promise<void> {
  await expect(page.locator('.column h2 span').first()).toHaveText(String(Math.ceil(size / 3)), { timeout: 120_000 })
  await expect(page.locator('.waiting')).toHaveCount(0, { timeout: 120_000 })
}

/** @returns the median */
function report(name: string, values: readonly number[], unit: string): number {
  const sorted = values.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  console.log(JSON.stringify({ name: `${name}, median of ${values.length}`, value: Number(median.toFixed(2)), unit }))
  return median
}
