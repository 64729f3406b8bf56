/** What a class takes home: a figure, a trace, a page in a frame, a lesson of one's own. Each is opened again and looked at. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Download, expect, type Page, test } from '@playwright/test'
import { expectNoComplaint, listenForComplaints } from '../fixtures/keyboard.ts'
import { visualizerAddress } from '../surroundings.ts'

let complaints: readonly string[] = []

test.beforeEach(({ page }) => {
  complaints = listenForComplaints(page)
})

test.afterEach(() => expectNoComplaint(complaints))

const headline = (page: Page) => page.getByRole('heading', { level: 1 })

/** A run with an election, a commit and a crash; its files are in sight. */
async function openRun(page: Page): Promise<void> {
  await page.goto(`${visualizerAddress}#/lab`)
  await expect(headline(page)).toHaveText('Nobody leads yet.')
  for (const key of ['k', '3', 'c']) await page.keyboard.press(key)
  await expect(headline(page)).toHaveText('S3 crashed.')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
}

async function downloaded(page: Page, button: string): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ])
  return download
}

test('the figure of a moment is a picture of its own, with its sentence', async ({ page }) => {
  await openRun(page)
  const svg = await downloaded(page, 'Figure as SVG')
  const text = readFileSync(await svg.path(), 'utf8')
  const read = await page.evaluate(source => {
    const figure = new DOMParser().parseFromString(source, 'image/svg+xml')
    const root = figure.documentElement
    return {
      root: root.nodeName,
      width: Number(root.getAttribute('width')),
      words: [...figure.querySelectorAll('text')].map(each => each.textContent ?? ''),
      // A file on its own has no style sheet: what is drawn must say its colours itself.
      borrowed: source.includes('var(--') || /(?:href|src)="http/.test(source),
    }
  }, text)
  expect(read).toMatchObject({ root: 'svg', borrowed: false })
  expect(read.words).toEqual(expect.arrayContaining(['S1', 'S2', 'S3', 'S4', 'S5', 'crashed', 'S3 crashed.']))

  const png = await downloaded(page, 'Figure as PNG')
  const bytes = readFileSync(await png.path())
  expect(bytes.subarray(1, 4).toString()).toBe('PNG')
  // Three pixels for each of the drawing's: sharp on paper.
  expect(Math.abs(bytes.readUInt32BE(16) - 3 * read.width)).toBeLessThanOrEqual(3)
  expect(bytes.byteLength, 'something is drawn in it').toBeGreaterThan(20_000)
})

const logs = (page: Page) =>
  page
    .locator('.ledger')
    .getByRole('list')
    .evaluateAll(all => all.map(each => [each.getAttribute('aria-label'), each.textContent]))

test('a run that is saved as a trace and opened again shows the same, and saves the same', async ({ page }, {
  outputDir,
}) => {
  await openRun(page)
  const shown = await logs(page)
  const saved = await downloaded(page, 'Save as a trace')
  const file = join(outputDir, 'run.jsonl')
  await saved.saveAs(file)
  await page.getByLabel('Open a trace').setInputFiles(file)
  await expect(page.getByText('No property is broken that a trace alone can decide.')).toBeVisible()
  await page.getByRole('slider', { name: 'Moment of the run' }).press('End')
  await expect(headline(page)).toHaveText('S3 crashed.')
  expect(await logs(page)).toEqual(shown)
  const again = await downloaded(page, 'Save as a trace')
  const events = (text: string): unknown[] =>
    text
      .trimEnd()
      .split('\n')
      .slice(1)
      .map(line => JSON.parse(line))
  expect(events(readFileSync(await again.path(), 'utf8'))).toEqual(events(readFileSync(file, 'utf8')))
})

test('in a frame of another page a lesson and a run stand alone', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openRun(page)
  await page.getByRole('button', { name: 'Share a link' }).click()
  await expect(page.getByText('The link is in your clipboard')).toBeVisible()
  const run = (await page.evaluate(() => navigator.clipboard.readText())).replace('#/lab/', '#/embed/')
  for (const [address, says] of [
    [`${visualizerAddress}#/embed/clean-election/1`, /^Three nodes/],
    [run, 'S3 crashed.'],
  ] as const) {
    const slides = `<link rel="icon" href="data:,"><h1>Slides</h1><iframe src="${address}" width="1000" height="700"></iframe>`
    await page.route('**/slides', route => route.fulfill({ contentType: 'text/html', body: slides }))
    await page.goto(`${visualizerAddress}slides`)
    const frame = page.frameLocator('iframe')
    await expect(frame.getByRole('heading', { level: 1 })).toHaveText(says)
    await expect(frame.locator('.ring .node').first()).toBeVisible()
    await expect(frame.locator('.header')).toBeHidden()
    await expect(frame.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  }
})

const blank = readFileSync(join(import.meta.dirname, '../../docs/blank-lesson.json'), 'utf8')

test('a lesson of one’s own is opened and played; a wrong one is refused with the place, and all else stays', async ({
  page,
}) => {
  await page.goto(`${visualizerAddress}#/learn`)
  const file = page.locator('.own-lesson input[type=file]')
  const open = (name: string, text: string) =>
    file.setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
  const refused = page.getByRole('alert')

  await open('typo.json', blank.replace('"nodes": ["S1"]', '"nodes": ["S7"]'))
  await expect(refused).toContainText('steps[1].do[0].nodes')
  await expect(refused).toContainText('there is no «S7»')
  await open(
    'untrue.json',
    blank.replace('"role": "leader", "term": 1 }, { "unbroken"', '"role": "leader", "term": 9 }, { "unbroken"'),
  )
  await expect(refused).toContainText('steps[1].expect[0]')
  await open('photo.json', '\u0000\u0001PNG')
  await expect(refused).toContainText('this is no JSON')
  await page.getByRole('button', { name: 'Deutsch' }).click()
  // German is fetched first.
  await expect(page.getByRole('button', { name: 'English' })).toBeVisible()
  await open('tippfehler.json', blank.replace('"nodes": ["S1"]', '"nodes": ["S7"]'))
  await expect(refused).toContainText('«S7» gibt es nicht')
  await page.getByRole('button', { name: 'English' }).click()

  await open('mine.json', blank)
  await expect(headline(page)).toHaveText('You know what I wanted to show.')
  await page.getByRole('button', { name: 'Begin', exact: true }).click()
  await expect(headline(page)).toHaveText('Three nodes, and nobody leads.')
})

/** As wide as an A4 page between its margins, in pixels. */
const PAPER = { width: 703, height: 1000 }

test('printed, a lesson and the Lab are light, whole, and without what can only be clicked', async ({ page }) => {
  for (const hash of ['#/learn/figure-8/2', '#/lab', '#/learn']) {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce', media: 'screen' })
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto('about:blank')
    await page.goto(`${visualizerAddress}${hash}`)
    await expect(headline(page)).not.toBeEmpty()
    if (hash !== '#/learn') await expect(page.locator('.ring .node')).toHaveCount(5)
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce', media: 'print' })
    await page.setViewportSize(PAPER)
    const printed = await page.evaluate(() => {
      const seen = (selector: string) => [...document.querySelectorAll(selector)].filter(each => each.checkVisibility())
      const names = '.ledger-name, .causes button'
      return {
        controls: seen('button, select, input:not([type=radio])').filter(each => !each.matches(names)).length,
        paper: getComputedStyle(document.documentElement).getPropertyValue('--card').trim(),
        isWider: document.documentElement.scrollWidth > innerWidth,
        cut: seen('.card')
          .filter(each => each.scrollHeight > each.clientHeight + 2)
          .map(each => each.className),
      }
    })
    expect(printed, hash).toEqual({
      controls: 0,
      paper: expect.stringMatching(/^#f{3}(f{3})?$/),
      isWider: false,
      cut: [],
    })
  }
})
