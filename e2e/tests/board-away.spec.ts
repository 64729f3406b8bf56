/** People who go, and a network that does. */
import { expect, type Page } from '@playwright/test'
import { foundByAxe } from '../fixtures/axe.ts'
import { add, card, cards, crash, opened, people } from '../fixtures/board-page.ts'
import { test } from '../fixtures/browsers.ts'
import { RoomServer } from '../fixtures/room-server.ts'

let server: RoomServer
test.beforeAll(async () => {
  server = await RoomServer.start()
})
test.afterAll(() => server.stop())

const newBoard = (): string => server.newRoom().replace('/#', '/board/#')

test('who closes the board or crashes is no longer shown on it', { tag: '@long' }, async ({ browser }) => {
  const link = newBoard()
  const [lena, mira, jonas] = await people(browser, link, ['Lena', 'Mira', 'Jonas'])
  const pointers = lena.locator('.presence')
  await mira.mouse.move(200, 300)
  await jonas.mouse.move(400, 300)
  for (const name of ['Mira', 'Jonas']) await expect(pointers.filter({ hasText: name })).toBeVisible()
  await mira.close({ runBeforeUnload: true })
  await expect(pointers).toHaveText(['Jonas'])
  await crash(jonas)
  await expect(pointers).toHaveCount(0)
})

test('after its first load the board opens, takes changes and keeps them with no server there; the others have them once it is back', async ({
  browser,
}) => {
  const link = newBoard()
  const [lena, mira] = await people(browser, link, ['Lena', 'Mira'])
  await add(lena, 'Together')
  await expect(card(mira, 'Together')).toBeVisible()
  await lena.waitForFunction(() => navigator.serviceWorker.controller !== null)
  const other = mira.context()
  await mira.close()
  const { port } = server
  await server.stop()

  await lena.reload()
  await expect(cards(lena, 'To do')).toHaveText(['Together'])
  await add(lena, 'Without a server')
  await lena.reload()
  await expect(cards(lena, 'To do')).toHaveText(['Without a server', 'Together'])

  server = await RoomServer.start(port)
  const back = await opened(other, link)
  await expect(cards(back, 'To do')).toHaveText(['Without a server', 'Together'])
})

test('who opens a board’s link while nobody of it is there is told so, joins whoever comes, and makes it anew only after a warning', {
  tag: '@long',
}, async ({ browser }) => {
  const [lena] = await people(browser, newBoard(), ['Lena'])
  await add(lena, 'From before')
  const link = lena.url()
  expect(link).toMatch(/&join$/)
  const home = lena.context()
  await lena.close()

  const invited = await opened(await browser.newContext(), link)
  await expect(invited.getByText('Nobody of this board is here yet.')).toBeVisible()
  await expect(cards(invited, 'To do')).toHaveCount(0)
  await opened(home, link)
  await expect(cards(invited, 'To do')).toHaveText(['From before'])
  await expect(invited.getByText('Nobody of this board is here yet.')).toBeHidden()
  await home.close()
  await invited.context().close()

  const late = await opened(await browser.newContext(), link)
  const begin = late.getByRole('button', { name: 'Make it anew …' })
  await begin.click()
  await expect(late.getByText('Make this board anew?')).toBeVisible()
  await late.getByRole('button', { name: 'Wait on' }).click()
  await begin.click()
  await late.getByRole('button', { name: 'Make it anew', exact: true }).click()
  await add(late, 'From now on')
  await expect(cards(late, 'To do')).toHaveText(['From now on'])
  await expect.poll(() => late.url()).toBe(link)
})

test('a board whose majority is gone for good goes on without it, by a person who was warned; who comes back is told and joins again', {
  tag: '@long',
}, async ({ browser }) => {
  const [lena, mira] = await people(browser, newBoard(), ['Lena', 'Mira'])
  await add(lena, 'Together')
  await expect(card(mira, 'Together')).toBeVisible()
  // What she is called is told along, and may come later than the card.
  await expect(lena.getByRole('region', { name: 'Members' }).getByText('Mira')).toBeVisible()
  const link = lena.url()
  await crash(mira)
  await add(lena, 'Alone')
  await expect(lena.getByText('2 of 2 must agree; you reach 1.')).toBeVisible()
  await expect(lena.getByText('It waits for Mira. Open the board on one more device that had it.')).toBeVisible()
  const invited = await opened(await browser.newContext(), link)
  await expect(invited.getByText('Lena is here, and cannot let anybody in yet.')).toBeVisible()
  await expect(invited.getByRole('button', { name: 'Make it anew' })).toBeHidden()
  await invited.context().close()
  const begin = lena.getByRole('button', { name: 'Go on without them …' })
  await begin.click()
  await lena.getByRole('button', { name: 'Wait on' }).click()
  await begin.click()
  await expect(lena.getByRole('heading', { name: 'Go on without Mira?' })).toBeVisible()
  expect(await foundByAxe(lena)).toEqual([])
  await lena.getByRole('button', { name: 'Go on without them', exact: true }).click()
  await lena.waitForEvent('load')
  await keptOrAskedAbout(lena, 'Alone')
  await expect(cards(lena, 'To do')).toHaveText(['Alone', 'Together'])
  await expect(lena.getByRole('region', { name: 'Members' }).getByText('1 of 1 must agree')).toBeVisible()
  await add(lena, 'Without her')

  // Both of her tabs are one node. Whichever she asks in, the other lets go of it, and comes along.
  const back = await opened(mira.context(), link)
  const leftBehind = 'The board went on without this browser.'
  await expect(back.getByText(leftBehind)).toBeVisible()
  const beside = await opened(mira.context(), link)
  await expect(beside.getByText(leftBehind)).toBeVisible()

  const joinAgain = beside.getByRole('button', { name: 'Join again' })
  await beside.evaluate(() => {
    indexedDB.databases = () => Promise.reject(new DOMException('not here', 'SecurityError'))
  })
  await Promise.all([back.waitForEvent('load'), joinAgain.click()])
  await expect(beside.getByText('It says: SecurityError: not here.')).toBeVisible()
  await beside.evaluate(() => Reflect.deleteProperty(indexedDB, 'databases'))

  await expect(back.getByText(leftBehind)).toBeVisible()
  await keepHold(back)
  await Promise.all([back.waitForEvent('load'), joinAgain.click()])
  await expect(beside.getByText('Another tab of this browser has the board open, and does not answer.')).toBeVisible()

  await expect(back.getByText(leftBehind)).toBeVisible()
  await joinAgain.click()
  for (const page of [beside, back]) await expect(cards(page, 'To do')).toHaveText(['Without her', 'Alone', 'Together'])
  await add(back, 'Here again')
  for (const page of [beside, lena]) await expect(card(page, 'Here again')).toBeVisible()
})

/**
 * What was under way when the majority was lost is on the board if it stands in this browser's log. If this node did not lead, it may
 * have gone to the one who is lost, and whoever made it is asked.
 */
async function keptOrAskedAbout(page: Page, title: string): Promise<void> {
  const ask = 'Keep as a new card'
  await page.waitForFunction(
    ([title, ask]) => {
      const texts = (selector: string) => [...document.querySelectorAll(selector)].map(each => each.textContent)
      const isThere = texts('article[data-card] h3').includes(title)
      return document.querySelector('.item .state') === null && isThere !== texts('button').includes(ask)
    },
    [title, ask] as const,
  )
  const button = page.getByRole('button', { name: ask })
  if (await button.isVisible()) await button.click()
}

/** As a tab that is asleep: until it is loaded anew, the board is open in it. */
function keepHold(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query()
    const name = held.map(({ name }) => name ?? '').find(name => /^flotilla\/[^/]+\/node\//.test(name))
    if (name === undefined) throw new Error('this browser drives a node')
    await new Promise<void>(resolve => {
      void navigator.locks.request(`${name}-asleep`, () => {
        resolve()
        return new Promise(() => undefined)
      })
    })
  })
}
