/** Live of a room that another application has open: watched from the board, in a tab of its own that is no node. */
import { expect, type Locator, type Page } from '@playwright/test'
import { foundByAxe } from '../fixtures/axe.ts'
import { add, cards, opened, people } from '../fixtures/board-page.ts'
import { test } from '../fixtures/browsers.ts'
import { RoomServer } from '../fixtures/room-server.ts'

let server: RoomServer
test.beforeAll(async () => {
  server = await RoomServer.start()
})
test.afterAll(() => server.stop())

test('under a board of two browsers one sees both nodes, their terms and their logs, and is no third one', {
  tag: '@long',
}, async ({ browser }) => {
  const link = newBoard()
  const [lena, mira] = await people(browser, link, ['Lena', 'Mira'])
  await expect(lena.getByLabel('Members')).toContainText('2 of 2 must agree')
  await add(lena, 'Tide table')
  await expect(cards(mira, 'To do')).toHaveCount(1)

  const live = await underneath(lena)
  for (const name of ['Lena', 'Mira']) await expect(node(live, name)).toHaveAccessibleName(/term \d+, log up to \d+/)
  await expect(node(live, 'Lena')).toHaveAccessibleName(/this browser/)
  await expect(entries(live, 'addCard {"title":"Tide table"')).toHaveCount(2)
  await add(mira, 'Brass band')
  await expect(entries(live, 'addCard {"title":"Brass band"')).toHaveCount(2)
  await expect(live.getByLabel('What happened')).toContainText('commit')

  // It is nobody: and what it could not do is not there.
  await expect(lena.getByLabel('Members').getByRole('listitem')).toHaveCount(2)
  await expect(live.getByRole('button', { name: /Crash|Cut|Add a node|Write/ })).toHaveCount(0)
  await expect(live.getByRole('radio')).toHaveCount(0)
  await live.keyboard.press('c')
  expect(await foundByAxe(live)).toEqual([])
})

test('@long who watches sees who goes and who comes back, and that nobody here has the room open any more', async ({
  browser,
}) => {
  const link = newBoard()
  const [lena, mira] = await people(browser, link, ['Lena', 'Mira'])
  await add(lena, 'Tide table')
  const live = await underneath(lena)
  await expect(entries(live, 'addCard')).toHaveCount(2)
  await mira.close()
  await expect(node(live, 'S2')).toHaveAccessibleName(/closed|unreachable/)
  await opened(mira.context(), link)
  await expect(node(live, 'S2')).not.toHaveAccessibleName(/closed|unreachable/)

  await lena.close()
  await expect(live.getByRole('heading', { level: 1 })).toHaveText('No tab of this browser has this room open.')
  await expect(live.locator('[data-node]')).toHaveCount(0)
  await expect(live.getByRole('link', { name: 'Open the room' }).first()).toHaveAttribute('href', link)
  await opened(live.context(), link)
  await expect(entries(live, 'addCard')).toHaveCount(2)
})

test('a node that runs in its page, because the browser moves no channels, is watched as one in a worker', async ({
  browser,
}) => {
  const context = await browser.newContext()
  await context.addInitScript(() => {
    const post = MessagePort.prototype.postMessage
    MessagePort.prototype.postMessage = function (this: MessagePort, ...args: unknown[]) {
      if (args[0] instanceof RTCDataChannel) throw new DOMException('not here', 'DataCloneError')
      Reflect.apply(post, this, args)
    }
  })
  const lena = await opened(context, newBoard())
  await add(lena, 'Tide table')
  // The clock of such a node has a worker of its own, of a few lines.
  expect(lena.workers().filter(worker => !worker.url().startsWith('blob:'))).toHaveLength(0)
  const live = await underneath(lena)
  await expect(entries(live, 'addCard {"title":"Tide table"')).toHaveCount(1)
})

const newBoard = (): string => server.newRoom().replace('/#', '/board/#')

async function underneath(board: Page): Promise<Page> {
  const page = board.context().waitForEvent('page')
  await board.getByRole('link', { name: 'Watch Raft underneath' }).click()
  return page
}

const node = (live: Page, called: string): Locator =>
  live.locator('[data-node]').and(live.getByRole('button', { name: called }))

const entries = (live: Page, text: string): Locator => live.getByLabel('Logs').getByText(text)
