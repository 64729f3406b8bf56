/** The board, as people in several browsers use it: over the server of `npm start`, each in a browser of its own. */
import { expect, type JSHandle, type Page } from '@playwright/test'
import { foundByAxe } from '../fixtures/axe.ts'
import { add, card, cards, column, crash, opened, people } from '../fixtures/board-page.ts'
import { test } from '../fixtures/browsers.ts'
import { processOf, rendererProcesses } from '../fixtures/process-of.ts'
import { RoomServer } from '../fixtures/room-server.ts'

let server: RoomServer
test.beforeAll(async () => {
  server = await RoomServer.start()
})
test.afterAll(() => server.stop())

test('three people share a board: what each adds, moves and writes is everybody’s, in one order', async ({
  browser,
}) => {
  const link = newBoard()
  const pages = await people(browser, link, ['Lena', 'Mira', 'Jonas'])
  const [lena, mira, jonas] = pages
  await add(lena, 'Tide table')
  await add(mira, 'Brass band')
  await add(jonas, 'Forty benches')
  for (const page of pages) await expect(cards(page, 'To do')).toHaveCount(3)

  // By keys alone: picked up, moved a column to the right, put down.
  await card(mira, 'Tide table').focus()
  for (const key of ['Space', 'ArrowRight', 'Space']) await mira.keyboard.press(key)
  for (const page of pages) await expect(cards(page, 'Doing')).toHaveText(['Tide table'])

  // By the pointer.
  const from = await card(jonas, 'Brass band').boundingBox()
  const to = await column(jonas, 'Done').boundingBox()
  if (from === null || to === null) throw new Error('nothing there')
  await jonas.mouse.move(from.x + 20, from.y + 15)
  await jonas.mouse.down()
  await jonas.mouse.move(from.x + 40, from.y + 30, { steps: 4 })
  await jonas.mouse.move(to.x + 100, to.y + 90, { steps: 8 })
  await jonas.mouse.up()
  for (const page of pages) await expect(cards(page, 'Done')).toHaveText(['Brass band'])

  await card(lena, 'Forty benches').click()
  await lena.getByLabel('Person').fill('Aylin')
  await lena.getByLabel('New step').fill('Ask the rowing club')
  await lena.keyboard.press('Enter')
  await lena.keyboard.press('Escape')
  for (const page of pages) await expect(card(page, 'Forty benches')).toContainText('0 of 1')
  await expect(mira.getByLabel('Activity')).toContainText('Lena gave Forty benches to Aylin')

  await mira.keyboard.press('Control+z')
  for (const page of pages) await expect(cards(page, 'To do')).toHaveCount(2)
  const feeds = await Promise.all(
    pages.map(page => page.getByLabel('Activity').locator('ol .number').allTextContents()),
  )
  expect(feeds[1]).toEqual(feeds[0])
  expect(feeds[2]).toEqual(feeds[0])
  await expect(lena.getByLabel('Members')).toContainText('Mira')
  await lena.mouse.move(200, 300)
  // Mira's stands where she left it.
  await expect(jonas.locator('.presence').filter({ hasText: 'Lena' })).toBeVisible()
})

test('a browser that is left alone goes on, says what waits, and all of it is there once the others are back', async ({
  browser,
}) => {
  const link = newBoard()
  const [lena, mira] = await people(browser, link, ['Lena', 'Mira'])
  await add(lena, 'Together')
  await expect(cards(mira, 'To do')).toHaveCount(1)
  await expect(lena.getByLabel('Members')).toContainText('2 of 2 must agree')
  // Nobody says goodbye: a majority is gone.
  const other = mira.context()
  await crash(mira)
  await add(lena, 'Alone')
  await add(lena, 'Alone again')
  await expect(card(lena, 'Alone again')).toHaveClass(/saved/)
  await expect(lena.getByLabel('Activity')).toContainText('Not in the log yet')

  // Also what is loaded anew has them: they are on disk.
  await lena.reload()
  await expect(cards(lena, 'To do')).toHaveText(['Alone again', 'Alone', 'Together'])
  await expect(lena.getByRole('status').filter({ hasText: '2' })).toBeVisible()

  const back = await opened(other, link)
  await expect(cards(back, 'To do')).toHaveText(['Alone again', 'Alone', 'Together'])
  for (const title of ['Alone', 'Alone again']) await expect(card(lena, title)).not.toHaveClass(/saved/)
})

test('a change that another browser has and no majority says so, and becomes everybody’s when a majority is back @long', async ({
  browser,
}) => {
  const link = newBoard()
  const pages = new Set(await people(browser, link, ['Lena', 'Mira', 'Jonas', 'Aylin']))
  // A leader that hears no majority gives its office up soon, and whoever types later than that finds nobody to send to: then once more.
  let tries = 0
  await expect(async () => {
    for (const page of pages) await expect(page.getByLabel('Members')).toContainText('3 of 4 must agree')
    const leader = await whoLeads(pages)
    const [typing, ...others] = [...pages].filter(page => page !== leader)
    if (leader === undefined || typing === undefined) throw new Error('nobody leads')
    await add(typing, `${++tries} of four`)
    await expect(card(leader, `${tries} of four`)).toBeVisible()
    const title = `${tries} of two`
    await typing.getByRole('button', { name: 'Add a card to To do' }).click()
    await typing.getByLabel('Title of the new card').fill(title)
    const kept = [await processOf(browser, leader), await processOf(browser, typing)]
    for (const pid of await rendererProcesses(browser)) if (!kept.includes(pid)) process.kill(pid, 'SIGKILL')
    await typing.keyboard.press('Enter')
    try {
      await expect(card(typing, title)).toHaveClass(/sent/, { timeout: 5_000 })
      await expect(card(typing, title)).toContainText('Sent')
      await expect(card(leader, title)).not.toBeVisible()
    } finally {
      for (const page of others) {
        pages.delete(page)
        pages.add(await opened(page.context(), link))
      }
    }
  }).toPass()
  for (const page of pages) await expect(card(page, `${tries} of two`)).not.toHaveClass(/sent|saved/)
})

test('a change that comes too late is told with the reason, and what was typed is not lost', async ({ browser }) => {
  const link = newBoard()
  const [lena, mira] = await people(browser, link, ['Lena', 'Mira'])
  let tries = 0
  // Of whoever stops typing for too long the notes are sent, and nobody comes too late.
  await expect(async () => {
    for (const page of [mira, lena]) if (await page.getByRole('dialog').isVisible()) await page.keyboard.press('Escape')
    const title = `Ferry times ${++tries}`
    await add(lena, title)
    await card(lena, title).click()
    await card(mira, title).click()
    await mira.getByLabel('Notes').fill('Every half hour')
    await lena.getByLabel('Notes').fill('Every hour')
    await lena.keyboard.press('Escape')
    await expect(mira.getByText('Lena has just changed it to')).toBeVisible({ timeout: 10_000 })
  }).toPass()
  await mira.keyboard.press('Escape')
  await expect(mira.getByRole('alert')).toContainText('Lena changed the notes first.')
  await mira.getByRole('button', { name: 'Keep as a new card' }).click()
  await expect(card(lena, 'Every half hour')).toBeVisible()
  await expect(mira.getByRole('alert')).toBeEmpty()
})

test('what is typed and not left is there after a reload, and to be copied when somebody removes the card', async ({
  browser,
}) => {
  const [lena, mira] = await people(browser, newBoard(), ['Lena', 'Mira'])
  await add(lena, 'Ferry times')
  await card(mira, 'Ferry times').click()
  await mira.getByLabel('Notes').fill('Every half hour')
  // Nobody left the field.
  await card(lena, 'Ferry times').click()
  await expect(lena.getByLabel('Notes')).toHaveValue('Every half hour')
  await mira.reload()
  await card(mira, 'Ferry times').click()
  await expect(mira.getByLabel('Notes')).toHaveValue('Every half hour')

  await mira.getByLabel('Notes').fill('Every half hour, and at night')
  await lena.getByRole('button', { name: 'Remove the card' }).click()
  await expect(mira.getByRole('heading', { name: 'This card is gone' })).toBeVisible()
  await expect(mira.getByLabel('Notes')).toHaveValue('Every half hour, and at night')
  await expect(mira.getByLabel('Notes')).toBeFocused()
})

test('what this device could not save, and what nobody can say of whether it took effect, is told with what to do', async ({
  browser,
}) => {
  const [page] = await people(browser, newBoard(), ['Lena'])
  const mend = await fullDisk(page)
  await page.getByRole('button', { name: 'Add a card to To do' }).click()
  await page.getByLabel('Title of the new card').fill('Ferry times')
  await page.keyboard.press('Enter')
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('Not done: you added Ferry times. This device could not save it')
  await expect(card(page, 'Ferry times')).not.toBeVisible()
  // Who loads the page anew would lose it, and is asked.
  const [asked] = await Promise.all([
    page.waitForEvent('dialog'),
    page.evaluate(() => void setTimeout(() => location.reload())),
  ])
  expect(asked.type()).toBe('beforeunload')
  await asked.dismiss()
  await mend.evaluate(again => again())
  await alert.getByRole('button', { name: 'Keep as a new card' }).click()
  await expect(card(page, 'Ferry times')).toBeVisible()
  await expect(alert).toBeEmpty()

  // What is being typed meanwhile is sent with what is typed next.
  await card(page, 'Ferry times').click()
  const notes = page.getByLabel('Notes')
  await notes.pressSequentially('before ')
  await expect(page.getByLabel('Activity')).toContainText('wrote the notes')
  const mendAgain = await fullDisk(page)
  await notes.pressSequentially('during ')
  await expect(alert).toContainText('you wrote the notes of Ferry times. This device could not save it')
  await expect(page.getByText('has just changed it')).toBeHidden()
  await mendAgain.evaluate(again => again())
  await notes.pressSequentially('after')
  await expect(alert).toBeEmpty()
  // Nobody left the field.
  await page.reload()
  await card(page, 'Ferry times').click()
  await expect(notes).toHaveValue('before during after')
  await page.keyboard.press('Escape')

  // As the outbox leaves it when a session ended while a change was under way.
  await page.evaluate(async () => {
    const name = (await indexedDB.databases())
      .map(each => each.name ?? '')
      .find(each => each.startsWith('flotilla-outbox/'))
    const database = await new Promise<IDBDatabase>(resolve => {
      const request = indexedDB.open(name ?? '')
      request.onsuccess = () => resolve(request.result)
    })
    const column = document.querySelector<HTMLElement>('[data-column]')?.dataset.column
    const args = { id: 'lost', title: 'Brass band', column, rank: 1 }
    const bytes = new TextEncoder().encode(JSON.stringify(['board', 1, 'lost-1', 'Lena', 0, 'mutate', 'addCard', args]))
    const transaction = database.transaction('lost', 'readwrite')
    transaction.objectStore('lost').put(bytes, ['a line', 1])
    await new Promise(resolve => {
      transaction.oncomplete = resolve
    })
    database.close()
  })
  await page.reload()
  await expect(alert).toContainText('Perhaps not done: you added Brass band. It waited so long')
  expect(await foundByAxe(page)).toEqual([])
  await alert.getByRole('button', { name: 'Discard' }).click()
  await expect(alert).toBeEmpty()
  await page.reload()
  await expect(card(page, 'Ferry times')).toBeVisible()
  await expect(alert).toBeEmpty()
})

test('axe finds nothing in the board, in a card, in both themes, or on a phone', async ({ browser }) => {
  const [page] = await people(browser, newBoard(), ['Lena'])
  await add(page, 'Tide table')
  for (const theme of ['light', 'dark']) {
    await page.evaluate(name => {
      document.documentElement.dataset.theme = name
    }, theme)
    expect(await foundByAxe(page), theme).toEqual([])
    await card(page, 'Tide table').click()
    expect(await foundByAxe(page), `card, ${theme}`).toEqual([])
    await page.keyboard.press('Escape')
  }
  await page.setViewportSize({ width: 360, height: 640 })
  expect(await foundByAxe(page), 'phone').toEqual([])
})

const newBoard = (): string => server.newRoom().replace('/#', '/board/#')

/** Gives the way to have room on it again. */
function fullDisk(page: Page): Promise<JSHandle<() => void>> {
  return page.evaluateHandle(() => {
    const { transaction } = IDBDatabase.prototype
    IDBDatabase.prototype.transaction = () => {
      throw new DOMException('no room', 'QuotaExceededError')
    }
    return () => {
      IDBDatabase.prototype.transaction = transaction
    }
  })
}

async function whoLeads(pages: Iterable<Page>): Promise<Page | undefined> {
  for (const page of pages) if (await page.locator('.members .you.leads').isVisible()) return page
  return undefined
}
