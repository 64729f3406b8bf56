/** What a room of `@flotilla/playwright` does to the tabs of an app, and says when it cannot; each by what the app shows. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, RoomError, test } from '@flotilla/playwright'
import { judge, readTrace } from '@flotilla/trace'
import type { Page } from '@playwright/test'
import { tool } from '../../scripts/lib/run.mjs'
import { type Served, serveExample } from '../fixtures/example.ts'
import { launchOptions, visualizerAddress } from '../surroundings.ts'

let served: Served | undefined
test.use({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it what a fixture needs
  baseURL: async ({}, use) => {
    served ??= await serveExample('shared-list')
    await use(served.address)
  },
  roomTimeout: 120_000,
})
test.afterAll(() => served?.close())

const items = (page: Page) => page.getByRole('listitem')

async function add(page: Page, text: string): Promise<void> {
  await page.getByLabel('What is needed').fill(text)
  await page.keyboard.press('Enter')
}

/** What the room says instead of doing as it was told. */
async function refusal(told: Promise<unknown>): Promise<RoomError> {
  const error: unknown = await told.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (error instanceof RoomError) return error
  throw new Error(`not refused: ${error}`)
}

test('a trace of tabs that were cut off, slow, frozen and crashed opens in the Lab, and breaks none of Raft’s properties', {
  tag: '@long',
}, async ({ room, context }) => {
  const people = await room.openBrowsers(3)
  const [, ben, cy] = people
  expect(room.pages).toEqual(people)
  const { leader } = await room.waitForAgreement()
  const [first = ben, second = cy] = people.filter(page => page !== leader)

  // Frozen, it is missed by nobody's link; the others go on.
  await room.freeze(leader)
  await add(first, 'bread')
  await expect(items(second)).toHaveText(['bread'])
  expect((await refusal(room.offline(leader))).kind).toBe('Frozen')
  await room.thaw(leader)
  await expect(items(leader)).toHaveText(['bread'])

  await room.slow(30)
  await room.cut([first], [second, leader])
  await add(first, 'milk')
  await add(leader, 'eggs')
  await expect(items(second)).toHaveText(['bread', 'eggs'])
  await expect(items(first)).toHaveText(['bread', 'milk'])
  await room.heal()
  await room.slow(0)
  await room.waitForQuiet()
  for (const page of room.pages) await expect(items(page)).toHaveText(['bread', 'eggs', 'milk'])

  await room.crash(second)
  expect((await refusal(room.hide(second))).message).toBe(
    `Tab ${people.indexOf(second) + 1} is gone: it crashed. Open it again with room.reopen(page), and go on with the page that this gives.`,
  )
  const again = await room.reopen(second)
  await expect(items(again)).toHaveText(['bread', 'eggs', 'milk'])
  await room.waitForQuiet()

  const trace = await room.trace('three tabs')
  const { title, events } = readTrace(trace)
  expect(title).toBe('three tabs')
  for (const type of ['started', 'cut', 'crashed', 'committed']) expect(events.map(event => event.type)).toContain(type)
  expect(judge(readTrace(trace)).flatMap(({ violations }) => violations)).toEqual([])
  const lab = await context.newPage()
  await lab.goto(`${visualizerAddress}#/lab`)
  await lab.getByRole('button', { name: 'Run', exact: true }).click()
  await lab
    .getByLabel('Open a trace')
    .setInputFiles({ name: 'flotilla-trace.jsonl', mimeType: 'application/x-ndjson', buffer: Buffer.from(trace) })
  await expect(lab.getByText('No property is broken that a trace alone can decide.')).toBeVisible()
})

test('tabs of one browser are one node, which the next tab takes over; there is nothing between them to cut', {
  tag: '@long',
}, async ({ room }) => {
  const [ada, ben] = await room.open(2)
  const [cy] = await room.openBrowsers(1)
  const refused = await refusal(room.cut(ada, ben))
  expect(refused.kind).toBe('OneNode')
  expect(refused.message).toContain('room.openBrowsers')

  // Offline is the browser: both of its tabs.
  await room.offline(ada)
  await add(cy, 'milk')
  await add(ben, 'bread')
  await expect(items(ben)).toHaveText(['bread'])
  await expect(ben.getByRole('status')).toHaveText('Kept here: 1 changes wait for the others.')
  expect(await Promise.all([ada, ben, cy].map(page => page.evaluate(() => navigator.onLine)))).toEqual([
    false,
    false,
    true,
  ])
  await room.online(ada)
  await room.waitForQuiet()
  const [dee] = await room.open(1, { beside: cy })
  await room.close(cy)
  for (const page of [ada, ben, dee]) await expect(items(page)).toHaveCount(2)
  await room.waitForAgreement()
  expect(room.pages).toEqual([ada, ben, dee])
})

test('a page that was loaded anew is in the surroundings that it was in before', {
  tag: '@long',
}, async ({ room }) => {
  const [ada, ben] = await room.openBrowsers(2)
  await room.cut(ada)
  await ben.reload()
  await ada.reload()
  await add(ada, 'bread')
  await expect(items(ada)).toHaveText(['bread'])
  await room.heal()
  await expect(items(ben)).toHaveText(['bread'])
})

test('a page is told that nobody sees it', async ({ room }) => {
  const [ada] = await room.open()
  const seen = () => ada.evaluate(() => `${document.visibilityState} ${document.hidden}`)
  await ada.evaluate(() => document.addEventListener('visibilitychange', () => document.body.append('!')))
  await room.hide(ada)
  expect(await seen()).toBe('hidden true')
  await room.show(ada)
  expect(await seen()).toBe('visible false')
  await expect(ada.getByText('!!')).toBeVisible()
})

test.describe('a room says what is missing', () => {
  test.use({ roomTimeout: 1_000 })

  test('to an app without the one line', async ({ room, context }) => {
    await context.route('**/*.html', route => route.fulfill({ contentType: 'text/html', body: '<h1>Nothing</h1>' }))
    await context.route(/\/$/, route =>
      route.fulfill({ contentType: 'text/html', body: '<script>console.error("no store")</script>' }),
    )
    const { kind, message } = await refusal(room.open())
    expect(kind).toBe('NotExposed')
    expect(message).toContain('openNode({ …, ...forTests() })')
    expect(message).toContain('The page said:\nno store')
  })

  test('to a test that takes a page of its own for one of the room', async ({ room, page }) => {
    expect((await refusal(room.crash(page))).kind).toBe('NotOfThisRoom')
  })
})

test('mutations that do not do the same everywhere are found', async ({ room }) => {
  const [ada, ben] = await room.openBrowsers(2)
  // As a mutation does that looks at what only this page has.
  await ben.evaluate(() => {
    const { push } = Array.prototype
    Array.prototype.push = function (...items) {
      return push.apply(
        this,
        items.map(item => (item?.text === 'bread' ? { ...item, text: 'cake' } : item)),
      )
    }
  })
  await add(ada, 'bread')
  await expect(items(ben)).toHaveText(['cake'])
  expect((await refusal(room.waitForAgreement())).kind).toBe('Diverged')
})

test('a test that fails has the trace attached, and what every tab said', { tag: '@long' }, async ({ baseURL }) => {
  // Beside our own, where the package is found.
  const home = join(import.meta.dirname, '../.cache')
  await mkdir(home, { recursive: true })
  const folder = await mkdtemp(join(home, 'fails-'))
  const config = {
    testDir: '.',
    outputDir: 'results',
    reporter: 'json',
    timeout: 240_000,
    use: { baseURL, launchOptions },
  }
  await writeFile(join(folder, 'playwright.config.mjs'), `export default ${JSON.stringify(config)}`)
  await writeFile(join(folder, 'fails.spec.mjs'), failing)
  const [program, ...args] = tool('@playwright/test', ['test'])
  // The run that this test is part of has a report of its own, which is named in the environment.
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: join(folder, 'report.json') }
  await new Promise<void>(resolve => execFile(program, args, { cwd: folder, env, maxBuffer: 1 << 28 }, () => resolve()))
  const report = await readFile(join(folder, 'report.json'), 'utf8')
  await rm(folder, { recursive: true })

  const { attachments, error } = resultOf(JSON.parse(report))
  expect(error.message).toContain('Object.is equality')
  const textOf = (name: string): string => {
    const found = attachments.find(attachment => attachment.name === name)
    return Buffer.from(found?.body ?? '', 'base64').toString()
  }
  expect(textOf('what every tab said')).toMatch(/^tab 1: drives S\d, .*\ntab 2: drives S\d, /)
  const { title, events } = readTrace(textOf('flotilla-trace.jsonl'))
  expect(title).toBe('fails.spec.mjs › fails')
  expect(new Set(events.map(({ node }) => node)).size).toBe(2)
})

const failing = `
import { expect, test } from '@flotilla/playwright'

test.use({ roomTimeout: 120_000 })
test('fails', async ({ room }) => {
  await room.openBrowsers(2)
  await room.waitForAgreement()
  expect(1).toBe(2)
})
`

interface Result {
  readonly error: { readonly message: string }
  readonly attachments: readonly { readonly name: string; readonly body?: string }[]
}

/** Of the only test in a report, which is Playwright's own. */
function resultOf(report: { readonly suites: readonly { specs: { tests: { results: Result[] }[] }[] }[] }): Result {
  const result = report.suites[0]?.specs[0]?.tests[0]?.results[0]
  if (result === undefined) throw new Error(`no test ran: ${JSON.stringify(report)}`)
  return result
}
