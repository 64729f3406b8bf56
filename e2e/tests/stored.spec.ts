/** What is stored here: a browser's look into its own disk. */
import { expect, type Page } from '@playwright/test'
import { foundByAxe } from '../fixtures/axe.ts'
import { opened } from '../fixtures/board-page.ts'
import { test } from '../fixtures/browsers.ts'
import { RoomServer } from '../fixtures/room-server.ts'
import { Tab } from '../fixtures/tab.ts'

let server: RoomServer
test.beforeAll(async () => {
  server = await RoomServer.start()
})
test.afterAll(() => server.stop())

test('an empty, a sound and a damaged disk are told apart, a running node goes on, and a room is deleted only when asked twice', async ({
  browser,
}) => {
  const context = await browser.newContext()
  const { page } = await Tab.open(context, `http://localhost:${server.port}/#/stored`)
  await expect(page.getByText('Nothing is stored here yet.')).toBeVisible()
  expect(await foundByAxe(page)).toEqual([])

  const live = await Tab.open(context, server.newRoom())
  await live.joined()
  for (const value of ['one', 'two', 'three']) await live.set('boat', value)
  await lookAgain(page)
  const room = page.getByRole('region', { name: /^Room/ })
  await expect(room).toContainText('Sound: every record is what was written.')
  await expect(room).toContainText('a tab drives it')
  await expect(room.getByRole('table')).toContainText('["boat","two"]')
  await expect(room.getByRole('button', { name: 'Delete' })).toHaveCount(0)
  const last = await live.set('boat', 'four')
  await live.close()

  await page.evaluate(flipAByte, last.index)
  await expect(async () => {
    await lookAgain(page)
    await expect(room).toContainText(`entry ${last.index} is not what was written: its checksum differs`, {
      timeout: 2_000,
    })
    await expect(room.getByRole('button', { name: 'Delete' })).toBeVisible({ timeout: 2_000 })
  }).toPass()
  // What is sound beside it is shown all the same.
  await expect(room.getByRole('table')).toContainText('["boat","three"]')
  for (const theme of ['light', 'dark']) {
    await page.evaluate(name => {
      document.documentElement.dataset.theme = name
    }, theme)
    expect(await foundByAxe(page), theme).toEqual([])
  }
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await expect(room.or(page.getByRole('region', { name: /^Raum/ }))).toContainText(
    `Eintrag ${last.index} ist nicht, was geschrieben wurde`,
  )
  await page.getByRole('button', { name: 'English' }).click()

  await room.getByRole('button', { name: 'Delete the room from here' }).click()
  await page.getByRole('button', { name: 'Keep it' }).click()
  await expect(room).toBeVisible()
  await room.getByRole('button', { name: 'Delete the room from here' }).click()
  await page.getByRole('button', { name: 'Delete for good' }).click()
  await expect(page.getByText('Nothing is stored here yet.')).toBeVisible()
  expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual([])
})

test('what waits in an outbox is shown, and a disk that cannot be read says so', async ({ browser }) => {
  const context = await browser.newContext()
  const board = await opened(context, server.newRoom().replace('/#', '/board/#'))
  await board.goto(`http://localhost:${server.port}/#/stored`)
  const outbox = board.getByRole('region', { name: /^Room/ })
  await expect(outbox).toContainText('No command waits here')
  await board.evaluate(leaveACommand)
  await lookAgain(board)
  await expect(outbox).toContainText('1 command waits here, and is not known to be in the log:')
  await expect(outbox).toContainText('left behind')

  await board.evaluate(() => {
    indexedDB.databases = () => Promise.reject(new DOMException('the disk fails', 'UnknownError'))
  })
  await lookAgain(board)
  await expect(board.getByRole('alert')).toContainText('This browser does not say what it has stored.')
  await expect(board.getByRole('alert')).toContainText('the disk fails')
})

const lookAgain = (page: Page): Promise<void> => page.getByRole('button', { name: 'Look again' }).click()

/** In the page: as a disk does that fails, in the middle of the last command. */
async function flipAByte(index: number): Promise<void> {
  const [name] = (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith('flotilla/') ? [name] : []))
  const database = await new Promise<IDBDatabase>(resolve => {
    const request = indexedDB.open(name ?? '')
    request.onsuccess = () => resolve(request.result)
  })
  const transaction = database.transaction('records', 'readwrite')
  const records = transaction.objectStore('records')
  const entry = records.get(index)
  entry.onsuccess = () => {
    entry.result.data[entry.result.data.length - 1] ^= 1
    records.put(entry.result, index)
  }
  await new Promise(resolve => {
    transaction.oncomplete = resolve
  })
  database.close()
}

/** In the page: as a tab leaves it whose node could not be reached. */
async function leaveACommand(): Promise<void> {
  const [name] = (await indexedDB.databases()).flatMap(({ name }) =>
    name?.startsWith('flotilla-outbox/') ? [name] : [],
  )
  const database = await new Promise<IDBDatabase>(resolve => {
    const request = indexedDB.open(name ?? '')
    request.onsuccess = () => resolve(request.result)
  })
  const transaction = database.transaction('commands', 'readwrite')
  transaction.objectStore('commands').put(new TextEncoder().encode('left behind'), ['a line', 1])
  await new Promise(resolve => {
    transaction.oncomplete = resolve
  })
  database.close()
}
