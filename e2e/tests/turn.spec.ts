/** Tabs that reach each other through a TURN server only, Debian's coturn. */
import { randomUUID } from 'node:crypto'
import { expect, type Page, test } from '@playwright/test'
import { program } from '../fixtures/program.ts'
import { startTurn } from '../fixtures/turn-server.ts'
import { harnessAddress } from '../surroundings.ts'

test('tabs link through a TURN server, and with a wrong password do not', { tag: '@long' }, async ({ context }) => {
  const turn = await startTurn(program('turnserver'))
  try {
    const room = randomUUID()
    const server = turn.ice
    const [a, b, wrong] = await Promise.all(['a', 'b', 'wrong'].map(() => openPage()))
    if (a === undefined || b === undefined || wrong === undefined) throw new Error('three pages')
    await enter(a, room, 'a', server)
    await enter(wrong, room, 'w', { ...server, credential: 'guessed' })
    await enter(b, room, 'b', server)
    const nowhere = await openPage()
    await enter(nowhere, room, 'n', { ...server, urls: server.urls.replace(/:\d+\?/, ':9?') })
    await a.evaluate(() => window.tab?.linkedTo(['b']))
    await a.evaluate(() => window.tab?.send('b', 100, 'normal', 7))
    await expect.poll(() => b.evaluate(() => window.tab?.arrivals)).toEqual([{ from: 'a', bytes: 100, mark: 7 }])
    const times = await a.evaluate(() => window.tab?.roundTrips('b', 50, 100))
    expect(times).toHaveLength(50)
    expect(await wrong.evaluate(() => window.tab?.peers())).toEqual([])
    await expect
      .poll(() => wrong.evaluate(() => window.tab?.obstacles().map(({ kind }) => kind)), { timeout: 30_000 })
      .toContain('WrongCredentials')
    await expect
      .poll(() => nowhere.evaluate(() => window.tab?.obstacles().map(({ kind }) => kind)), { timeout: 60_000 })
      .toContain('NoCandidates')
  } finally {
    await turn.stop()
  }

  async function openPage(): Promise<Page> {
    const page = await context.newPage()
    await page.goto(new URL('mesh.html', harnessAddress).href)
    await page.waitForFunction(() => window.tab !== undefined)
    return page
  }
})

const enter = (page: Page, room: string, id: string, turn: RTCIceServer): Promise<void> =>
  page.evaluate(([room, id, turn]) => window.tab?.openRelayed(room, id, turn), [room, id, turn] as const)
