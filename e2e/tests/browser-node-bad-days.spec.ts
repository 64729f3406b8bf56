/** More of what befalls browsers with nodes in workers (`browser-node-hazards.spec.ts`): hidden, copied, emptied, upgraded, put to sleep. */
import { expect, type Page, test } from '@playwright/test'
import {
  drives,
  freshRoom,
  leaderOf,
  open,
  read,
  save,
  threeTabs,
  troubles,
  until,
  write,
} from '../fixtures/node-page.ts'
import { RealBrowser } from '../fixtures/real-browser.ts'

test.describe('a browser’s node', { tag: '@long' }, () => {
  let browser: RealBrowser

  test.beforeEach(async () => {
    browser = await RealBrowser.start()
  })
  test.afterEach(() => browser.stop())

  const termOf = (page: Page) => page.evaluate(() => window.nodePage?.status()?.term)
  const failureOf = (page: Page) => page.evaluate(() => window.nodePage?.status()?.failure)

  test('goes on leading in a tab that nobody sees, whose own timers are slowed down', async () => {
    const tabs = await threeTabs(browser.context, freshRoom())
    const { leader, others } = await leaderOf(tabs)
    const [seen] = others
    if (seen === undefined) throw new Error('three have others')
    await seen.bringToFront()
    await until(() => leader.evaluate(() => document.visibilityState === 'hidden'), 'the leader is hidden')
    const term = await termOf(seen)
    // Strings, because tsx marks functions’ names with a helper of its own, which the page does not have.
    const count = 'window.ticks = 0; setInterval(() => { window.ticks += 1 }, 50)'
    const ticksOf = (page: Page) => page.evaluate('window.ticks').then(Number)
    await Promise.all([leader.evaluate(count), seen.evaluate(count)])
    let written = 0
    while ((await ticksOf(seen)) < 60 || written < 20) {
      await write(seen, `${written}`)
      written += 1
    }
    // The hidden one was slowed down indeed, …
    expect(await ticksOf(leader)).toBeLessThan((await ticksOf(seen)) / 2)
    // … and its node led all the while.
    expect(await termOf(seen)).toBe(term)
    expect(await leader.evaluate(() => window.nodePage?.status()?.role)).toBe('leader')
    expect((await read(leader))?.length).toBe(written)
  })

  for (const nodes of ['perBrowser', 'perTab'] as const) {
    test(`is ${nodes === 'perTab' ? 'another' : 'the same'} in a tab that was duplicated (${nodes})`, async () => {
      const first = await open(browser.context, { room: freshRoom(), nodes })
      await write(first, 'before')
      const id = await drives(first)
      await first.evaluate(() => sessionStorage.setItem('copied', 'with the tab'))
      const opened = browser.context.waitForEvent('page')
      await first.evaluate(() => void window.open(location.href))
      const copy = await opened
      await copy.waitForFunction(() => window.nodePage !== undefined, undefined, { polling: 100 })
      expect(await copy.evaluate(() => sessionStorage.getItem('copied'))).toBe('with the tab')
      expect(await write(copy, 'in the copy')).toBe(2)
      expect(await read(first)).toEqual(['before', 'in the copy'])
      expect(await drives(first)).toBe(id)
      const driven = await drives(copy)
      if (nodes === 'perBrowser') expect(driven).toBeUndefined()
      else expect([undefined, id]).not.toContain(driven)
    })
  }

  test('keeps its pace and its outbox when the wall clock jumps by a year, forwards and back', async () => {
    const tabs = await threeTabs(browser.context, freshRoom())
    const { leader, others } = await leaderOf(tabs)
    const [other] = others
    if (other === undefined) throw new Error('three have others')
    await write(other, 'before')
    const term = await termOf(other)
    for (const years of [1, -1, 0]) {
      await leader.evaluate(years => window.nodePage?.setClock(years * 31_536_000_000), years)
      await save(leader, `saved at ${years}`)
      await write(other, `written at ${years}`)
    }
    await until(async () => (await read(other))?.length === 7, 'all of it is in the log')
    expect(new Set(await read(other)).size).toBe(7)
    expect(await termOf(other)).toBe(term)
  })

  test('is there again when its page is, after its user went elsewhere and back', async () => {
    const room = freshRoom()
    const first = await open(browser.context, { room })
    const second = await open(browser.context, { room })
    await write(first, 'before')
    const id = await drives(first)
    await first.goto('about:blank')
    // It may still be served for a moment by the worker that is left behind.
    await until(async () => (await drives(second)) === id, 'the other tab drives')
    expect(await write(second, 'meanwhile')).toBe(2)
    await first.goBack({ waitUntil: 'commit' })
    await first.waitForFunction(() => window.nodePage !== undefined, undefined, { polling: 100 })
    await until(async () => (await read(first))?.length === 2, 'it follows')
    expect(await write(first, 'after')).toBe(3)
    expect(await read(second)).toEqual(['before', 'meanwhile', 'after'])
    expect(await drives(first)).toBeUndefined()
  })

  test('stops and says why when a newer version of the application takes its database, and the others go on', async () => {
    const room = freshRoom()
    const tabs = await threeTabs(browser.context, room)
    const { others } = await leaderOf(tabs)
    const [victim, other] = others
    if (victim === undefined || other === undefined) throw new Error('three have others')
    await write(victim, 'before')
    // The leader's answer may be here before the entry is known here to be committed.
    expect(await read(victim)).toEqual(['before'])
    const id = await drives(victim)
    await other.evaluate(
      name =>
        new Promise<void>((resolve, reject) => {
          const request = indexedDB.open(name, 1_000)
          request.onsuccess = () => {
            request.result.close()
            resolve()
          }
          request.onerror = reject
        }),
      `flotilla/${room}/${id}`,
    )
    await until(async () => (await failureOf(victim)) === 'NewerVersion', 'it says so')
    expect(await write(other, 'after')).toBe(2)
    // What it has is there to be looked at; and what is typed is kept for the newer version.
    expect(await victim.evaluate(() => window.nodePage?.lines())).toEqual(['before'])
    await save(victim, 'kept')
    expect(await victim.evaluate(() => window.nodePage?.waiting())).toEqual(['kept'])
  })

  test('wakes up with all others of a machine that slept, and nothing is lost', async () => {
    const tabs = await threeTabs(browser.context, freshRoom())
    const [first] = tabs
    if (first === undefined) throw new Error('three')
    const writing = tabs.map(async (tab, i) => {
      for (let n = 0; n < 40; n++) await (n % 2 === 0 ? write : save)(tab, `${i} ${n}`)
    })
    await until(async () => ((await read(first))?.length ?? 0) > 20, 'they are at it')
    browser.stopAll()
    try {
      // Longer than any of them waits for a leader.
      await new Promise(done => setTimeout(done, 5_000))
    } finally {
      browser.goOn()
    }
    await Promise.all(writing)
    await until(async () => (await read(first))?.length === 120, 'all of it is in the log')
    expect(new Set(await read(first)).size).toBe(120)
    for (const tab of tabs) expect(await troubles(tab)).toEqual([])
  })
})
