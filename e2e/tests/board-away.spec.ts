/** People who go, and a network that does. */
import { expect } from '@playwright/test'
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
