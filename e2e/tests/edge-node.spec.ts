/** A room that outlives its tabs: real tabs, and beside them `flotilla serve`. */
import type { Browser } from '@playwright/test'
import { expect } from '@playwright/test'
import { rounds } from '../../scripts/lib/long-run.mjs'
import { add, card, opened as openedBoard, people } from '../fixtures/board-page.ts'
import { test as base } from '../fixtures/browsers.ts'
import { EdgeProcess } from '../fixtures/edge-process.ts'
import { newFragment, RoomServer } from '../fixtures/room-server.ts'
import { Tab } from '../fixtures/tab.ts'
import { Writer } from '../fixtures/writer.ts'

const test = base.extend<{ server: RoomServer; edgeOf: (room: string) => Promise<EdgeProcess> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it what a fixture needs
  server: async ({}, use) => {
    const server = await RoomServer.start()
    await use(server)
    await server.stop()
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  edgeOf: async ({}, use, testInfo) => {
    const started: EdgeProcess[] = []
    await use(async room => {
      const edge = await EdgeProcess.start(room)
      started.push(edge)
      return edge
    })
    if (testInfo.status !== testInfo.expectedStatus) {
      const body = started.map(edge => edge.log).join('\n\n')
      await testInfo.attach('what the edge nodes said', { body, contentType: 'text/plain' })
    }
    await Promise.all(started.map(edge => edge.stop()))
  },
})

/** In a browser of its own. */
async function opened(browser: Browser, room: string): Promise<Tab> {
  const tab = await Tab.open(await browser.newContext(), room)
  await tab.joined()
  return tab
}

/** How the last two tabs of a room end. */
const endings: readonly ((first: Tab, second: Tab) => Promise<unknown>)[] = [
  (first, second) => Promise.all([first.close(), second.close()]),
  (first, second) => first.close().then(() => second.close()),
  (first, second) => Promise.all([first.crash(), second.crash()]),
  (first, second) => first.crash().then(() => second.close()),
]

test('two tabs and an edge node: both tabs close for good, in the same moment, and a new tab has everything', async ({
  browser,
  server,
  edgeOf,
}) => {
  for (let round = 0; round < rounds(1, endings.length); round++) {
    const room = server.newRoom()
    const first = await opened(browser, room)
    // Who opens this one makes no room, whoever can be reached at that moment.
    const link = first.page.url()
    const [second, edge] = [await opened(browser, link), await edgeOf(link)]
    await edge.decidesAlone()
    await first.set('first', `said in round ${round}`)
    await second.set('second', 'said last')
    await endings[round]?.(first, second)
    await first.page.context().close()
    await second.page.context().close()

    const late = await opened(browser, link)
    expect(await late.get('first', 'linearizable')).toBe(`said in round ${round}`)
    expect(await late.get('second', 'linearizable')).toBe('said last')
    const { index } = await late.set('third', 'the room goes on')
    // The edge node leads and tells nothing: what there is to see, the tab itself knows.
    await expect(late.page.getByText(new RegExp(`\\b${index} (is|are) committed`)).first()).toBeVisible()
    await expect(late.page.getByText('No majority')).toHaveCount(0)
    await late.page.context().close()
  }
})

test('a board outlives its people beside an edge node that knows nothing of boards', { tag: '@long' }, async ({
  browser,
  server,
  edgeOf,
}) => {
  const link = `http://localhost:${server.port}/board/${newFragment()}`
  const [lena, mira] = await people(browser, link, ['Lena', 'Mira'])
  const edge = await edgeOf(link)
  await edge.decidesAlone()
  await add(lena, 'Tide table')
  await add(mira, 'Brass band')
  await expect(card(lena, 'Brass band')).toBeVisible()
  await Promise.all([lena.context().close(), mira.context().close()])
  const late = await openedBoard(await browser.newContext(), link)
  for (const title of ['Tide table', 'Brass band']) await expect(card(late, title)).toBeVisible()
})

test('an edge node that is killed while two tabs write loses nothing that was acknowledged, and its disk is sound', {
  tag: '@long',
}, async ({ browser, server, edgeOf }) => {
  const room = server.newRoom()
  const tabs = [await opened(browser, room), await opened(browser, room)]
  const edge = await edgeOf(room)
  await edge.decidesAlone()
  const writers = tabs.map((tab, i) => new Writer(tab, `tab-${i}`))
  for (let kill = 0; kill < 5; kill++) {
    await Promise.all(writers.map(writer => writer.acknowledgedMore(10)))
    await edge.kill()
    const { code, out } = await edge.inspect()
    expect(out).toContain('sound: every record is what was written')
    expect(code).toBe(0)
    await edge.startAgain()
  }
  await Promise.all(writers.map(writer => writer.acknowledgedMore(10)))
  await Promise.all(writers.map(writer => writer.stop()))
  const acknowledged = writers.flatMap(writer => writer.acknowledged)
  await Promise.all(tabs.map(tab => tab.page.context().close()))

  const late = await opened(browser, room)
  await late.get('anything', 'linearizable')
  const applied = new Map((await late.history()).map(each => [each.key, each]))
  for (const { key, value, index } of acknowledged) expect(applied.get(key)).toMatchObject({ value, index })
})
