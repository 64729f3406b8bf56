/** Three people at one board on a bad day: one is away for a while, and tabs are closed, crash and are loaded anew in the middle of it. */
import { readFile } from 'node:fs/promises'
import { type BrowserContext, expect, type Page } from '@playwright/test'
import { add, card, column, crash, opened, people } from '../fixtures/board-page.ts'
import { test } from '../fixtures/browsers.ts'
import { RoomServer } from '../fixtures/room-server.ts'

const NAMES = ['Lena', 'Mira', 'Jonas'] as const
const ROUNDS = 4

let server: RoomServer
test.beforeAll(async () => {
  server = await RoomServer.start()
})
test.afterAll(() => server.stop())

test('what three people add, move and write is there once or told as not done, whoever is away, closes, crashes or reloads @long', async ({
  browser,
}) => {
  const link = server.newRoom().replace('/#', '/board/#')
  const pages: Page[] = [...(await people(browser, link, NAMES))]
  for (const page of pages) await expect(page.getByLabel('Members')).toContainText('2 of 3 must agree')
  /** What each card is called that somebody was told to be saved. */
  const saved: string[] = []
  const at = (i: number): Page => {
    const page = pages[i % pages.length]
    if (page === undefined) throw new Error('nobody there')
    return page
  }
  const again = async (i: number, context: BrowserContext): Promise<void> => {
    pages[i % pages.length] = await opened(context, link)
  }
  const addSaved = async (i: number, title: string): Promise<void> => {
    await add(at(i), title)
    // On disk, or further already: then it has no sign any more.
    await expect(card(at(i), title)).not.toHaveClass(/unsaved/)
    saved.push(title)
  }

  for (let round = 0; round < ROUNDS; round++) {
    const [away, closing, staying] = [round, round + 1, round + 2]
    await addSaved(staying, `Together ${round}`)
    await expect(card(at(away), `Together ${round}`)).toBeVisible()

    // One is away: nobody hears it, and what it does waits on its disk.
    const gone = at(away).context()
    await crash(at(away))
    await addSaved(closing, `Without one ${round}`)
    await moveRight(at(staying), `Together ${round}`)
    await write(at(closing), `Without one ${round}`, `Notes of round ${round}`)
    // In the middle of it the second is loaded anew: no majority meanwhile, and its own are still there.
    await addSaved(closing, `Before the reload ${round}`)
    await at(closing).reload()
    await expect(card(at(closing), `Before the reload ${round}`)).toBeVisible()
    await again(away, gone)
    await addSaved(away, `Back ${round}`)
    // And the third closes with something on the way.
    const leaving = at(staying).context()
    await addSaved(staying, `Before the close ${round}`)
    await at(staying).close()
    await again(staying, leaving)
    for (const page of pages) await expect(card(page, `Before the close ${round}`)).toBeVisible()
  }

  for (const page of pages) await expect(page.locator('.waiting')).toHaveCount(0)
  await expect(async () => {
    const boards = await Promise.all(pages.map(boardOf))
    expect(boards[1]).toEqual(boards[0])
    expect(boards[2]).toEqual(boards[0])
  }).toPass()
  const titles = Object.values((await boardOf(at(0))).cards).map(({ title }) => title)
  expect(titles.toSorted()).toEqual(saved.toSorted())
  for (const page of pages) await expect(page.getByRole('alert')).toBeEmpty()
})

async function moveRight(page: Page, title: string): Promise<void> {
  await card(page, title).focus()
  for (const key of ['Space', 'ArrowRight', 'Space']) await page.keyboard.press(key)
  await expect(column(page, 'Doing').getByRole('heading', { name: title, exact: true })).toBeVisible()
}

async function write(page: Page, title: string, notes: string): Promise<void> {
  await card(page, title).click()
  await page.getByLabel('Notes').fill(notes)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).not.toBeVisible()
}

/** All of it, as the page has it. */
async function boardOf(page: Page): Promise<{ readonly cards: Readonly<Record<string, { readonly title: string }>> }> {
  await page.getByRole('button', { name: 'Export and import' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export the board' }).click()
  const file = await (await downloading).path()
  await page.keyboard.press('Escape')
  return JSON.parse(await readFile(file, 'utf8')).board
}
