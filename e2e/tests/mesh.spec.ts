/** The WebRTC transport between real tabs: everyone finds everyone, in spite of reloads, closings and bad company. */
import { randomUUID } from 'node:crypto'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { rounds } from '../../scripts/lib/long-run.mjs'
import type { Arrival } from '../harness/mesh.ts'
import { harnessAddress } from '../surroundings.ts'

const address = new URL('mesh.html', harnessAddress).href
const TIMES = rounds(5, 20)

test('five tabs form a full mesh', async ({ context }) => {
  const tabs = await openTabs(context, ['a', 'b', 'c', 'd', 'e'])
  const room = randomUUID()
  await Promise.all(tabs.map(tab => enter(tab, room)))
  await Promise.all(tabs.map(tab => linked(tab, tabs)))
  for (const tab of tabs) expect(await links(tab)).toHaveLength(4)
})

test(`two tabs that announce at once find each other, ${TIMES} times out of ${TIMES}`, async ({ context }) => {
  const tabs = await openTabs(context, ['a', 'b'])
  for (let time = 0; time < TIMES; time += 1) {
    const room = randomUUID()
    await Promise.all(tabs.map(tab => enter(tab, room)))
    await Promise.all(tabs.map(tab => linked(tab, tabs)))
    await Promise.all(tabs.map(({ page }) => page.evaluate(() => window.tab?.close())))
  }
  for (const tab of tabs) {
    const other = tab.id === 'a' ? 'b' : 'a'
    const ups = (await links(tab)).filter(link => link === `+${other}`)
    expect(ups, 'one link each time, not one that replaces another').toHaveLength(TIMES)
  }
})

test('a tab that reloads is back under its id, and the others keep their links', async ({ context }) => {
  const [a, b, c] = await mesh(context, ['a', 'b', 'c'])
  for (let time = 1; time <= 3; time += 1) {
    await b.page.reload()
    await ready(b.page)
    await enter(b, a.room)
    await Promise.all([a, b, c].map(tab => linked(tab, [a, b, c])))
    const expected = ['+b', ...Array.from({ length: time }, () => ['-b', '+b']).flat()]
    expect((await links(a)).filter(link => link.endsWith('b'))).toEqual(expected)
  }
  expect((await links(a)).filter(link => link.endsWith('c'))).toEqual(['+c'])
  await note(b, 'a', 100, 'normal', 7)
  await expect.poll(() => arrivals(a)).toEqual([{ from: 'b', bytes: 100, mark: 7 }])
})

test('a tab that crashes is missed before one whose browser lends it no lock, one that stands still is not, and one in its place is there', async ({
  context,
}) => {
  const [a, b, still] = await openTabs(context, ['a', 'b', 'still'])
  const [unlocked] = await openTabs(context, ['unlocked'], page =>
    page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks')),
  )
  if (a === undefined || b === undefined || still === undefined || unlocked === undefined) throw new Error('four tabs')
  const room = randomUUID()
  const tabs = [a, b, still, unlocked]
  for (const tab of tabs) await enter(tab, room)
  await Promise.all(tabs.map(tab => linked(tab, tabs)))

  const standing = still.page.evaluate(() => {
    for (const end = performance.now() + 2_000; performance.now() < end; );
  })
  await crash(unlocked)
  await crash(b)
  await expect.poll(() => links(a)).toContain('-b')
  await standing
  const missed = (await links(a)).filter(link => link.startsWith('-'))
  expect(missed, 'the other crash was earlier, but nobody said so').toEqual(['-b'])

  const [again] = await openTabs(context, ['b'])
  if (again === undefined) throw new Error('a tab was opened')
  await enter(again, room)
  await expect.poll(async () => (await links(a)).filter(link => link.endsWith('b'))).toEqual(['+b', '-b', '+b'])
})

test('a tab that crashes and is opened again under its id replaces the dead one at once', async ({ context }) => {
  const [a, b] = await mesh(context, ['a', 'b'])
  await crash(b)
  const [again] = await openTabs(context, ['b'])
  if (again === undefined) throw new Error('a tab was opened')
  await enter(again, a.room)
  await linked(again, [a, again])
  // Either end is told in its own time.
  await expect.poll(() => links(a)).toEqual(['+b', '-b', '+b'])
})

test(`what is sent right before closing arrives, ${TIMES} times out of ${TIMES}`, async ({ context }) => {
  const tabs = await openTabs(context, ['a', 'b'])
  const [a, b] = tabs
  if (a === undefined || b === undefined) throw new Error('two tabs were opened')
  for (let time = 0; time < TIMES; time += 1) {
    const room = randomUUID()
    await Promise.all(tabs.map(tab => enter(tab, room)))
    await Promise.all(tabs.map(tab => linked(tab, tabs)))
    await a.page.evaluate(mark => {
      window.tab?.send('b', 100, 'urgent', mark)
      return window.tab?.close()
    }, time)
    await linked(b, [b])
    expect((await arrivals(b)).map(({ mark }) => mark)).toContain(time)
    await b.page.evaluate(() => window.tab?.close())
  }
})

test('an urgent frame overtakes seven megabytes of bulk that were sent before it', { tag: '@long' }, async ({
  context,
}) => {
  const [a, b] = await mesh(context, ['a', 'b'])
  await a.page.evaluate(() => {
    for (let mark = 0; mark < 7; mark += 1) window.tab?.send('b', 1 << 20, 'bulk', mark)
    window.tab?.send('b', 50_000, 'normal', 100)
    window.tab?.send('b', 100, 'urgent', 200)
  })
  await expect.poll(async () => (await arrivals(b)).length).toBe(9)
  expect((await arrivals(b)).map(({ mark }) => mark)).toEqual([200, 100, 0, 1, 2, 3, 4, 5, 6])
})

test('a peer that sends garbage is cut off and not taken back, and the others stay', async ({ context }) => {
  const [a, b, c] = await mesh(context, ['a', 'b', 'c'])
  await b.page.evaluate(() => {
    window.tab?.turnBad()
    for (let i = 0; i < 40; i += 1) window.tab?.send('a', 100, 'normal', i)
  })
  await linked(a, [a, c])
  // It tries again, and is refused.
  await expect.poll(() => a.page.evaluate(() => window.tab?.stats().refusedSignals)).toBeGreaterThan(0)
  expect(await links(a)).not.toContain('-c')
  expect((await links(a)).filter(link => link.endsWith('b'))).toEqual(['+b', '-b'])
  expect(await arrivals(a)).toEqual([])
  expect(await c.page.evaluate(() => [...(window.tab?.peers() ?? [])].sort())).toEqual(['a', 'b'])
})

test('tabs with the room’s secret find each other and prove who they are; one with another secret does not get in', async ({
  context,
}) => {
  const room = randomUUID()
  const secret = 'AAAAAAAAAAAAAAAAAAAAAA'
  const tabs = await openTabs(context, ['a', 'b', 'c', 'stranger'])
  const ids = await Promise.all(
    tabs.map(({ id, page }) =>
      page.evaluate(([room, secret]) => window.tab?.openSecret(room, secret) ?? '', [
        room,
        id === 'stranger' ? secret.replace('A', 'B') : secret,
      ] as const),
    ),
  )
  const inside = ids.slice(0, 3)
  for (const [i, { page }] of tabs.slice(0, 3).entries()) {
    const others = inside.filter((_, other) => other !== i)
    await page.evaluate(others => window.tab?.linkedTo(others), others)
    expect(await page.evaluate(() => window.tab?.stats().impostors)).toBe(0)
  }
  await tabs[0]?.page.evaluate(to => window.tab?.send(to, 100, 'normal', 7), ids[1] ?? '')
  await expect
    .poll(() => tabs[1]?.page.evaluate(() => window.tab?.arrivals))
    .toEqual([{ from: ids[0], bytes: 100, mark: 7 }])
  expect(await tabs[3]?.page.evaluate(() => window.tab?.peers())).toEqual([])
})

interface MeshTabPage {
  readonly id: string
  readonly page: Page
  /** The room it entered last. */
  room: string
}

async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => window.tab !== undefined)
}

async function openTabs(
  context: BrowserContext,
  ids: readonly string[],
  prepare: (page: Page) => Promise<unknown> = async () => undefined,
): Promise<MeshTabPage[]> {
  return Promise.all(
    ids.map(async id => {
      const page = await context.newPage()
      await prepare(page)
      await page.goto(address)
      await ready(page)
      return { id, page, room: '' }
    }),
  )
}

async function enter(tab: MeshTabPage, room: string): Promise<void> {
  tab.room = room
  await tab.page.evaluate(([room, id]) => window.tab?.open(room, id), [room, tab.id] as const)
}

/** Tabs in a room of their own, all linked. The names are for the compiler: a test names as many as it asked for. */
async function mesh(
  context: BrowserContext,
  ids: readonly string[],
): Promise<readonly [MeshTabPage, MeshTabPage, MeshTabPage]> {
  const tabs = await openTabs(context, ids)
  const room = randomUUID()
  await Promise.all(tabs.map(tab => enter(tab, room)))
  await Promise.all(tabs.map(tab => linked(tab, tabs)))
  const [first, second, third = second] = tabs
  if (first === undefined || second === undefined || third === undefined) throw new Error('a mesh has two tabs or more')
  return [first, second, third]
}

/** Kills the tab's process. */
async function crash({ page }: MeshTabPage): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  devtools.send('Page.crash').catch(() => 'nobody is left to answer')
  await crashed
}

/** Waits until the tab is linked to all of `tabs` but itself and to nobody else. */
function linked(tab: MeshTabPage, tabs: readonly MeshTabPage[]): Promise<void> {
  const others = tabs.filter(({ id }) => id !== tab.id).map(({ id }) => id)
  return tab.page.evaluate(others => window.tab?.linkedTo(others), others)
}

async function links({ page }: MeshTabPage): Promise<readonly string[]> {
  return page.evaluate(() => window.tab?.links ?? [])
}

async function arrivals({ page }: MeshTabPage): Promise<readonly Arrival[]> {
  return page.evaluate(() => window.tab?.arrivals ?? [])
}

async function note({ page }: MeshTabPage, to: string, bytes: number, lane: 'normal', mark: number): Promise<void> {
  await page.evaluate(([to, bytes, lane, mark]) => window.tab?.send(to, bytes, lane, mark), [
    to,
    bytes,
    lane,
    mark,
  ] as const)
}
