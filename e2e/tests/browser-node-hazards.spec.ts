/** What befalls browsers, and the nodes in them: nothing that was acknowledged or saved is lost, and nobody waits for ever. */
import { expect, type Page, test } from '@playwright/test'
import {
  crash,
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
import { freeze, RealBrowser } from '../fixtures/real-browser.ts'
import { harnessAddress } from '../surroundings.ts'

test.describe('a browser’s node', { tag: '@long' }, () => {
  let browser: RealBrowser

  test.beforeEach(async () => {
    browser = await RealBrowser.start()
  })
  test.afterEach(() => browser.stop())

  const isHidden = (page: Page) => page.evaluate(() => document.visibilityState === 'hidden')

  test('is taken from a tab that is hidden and frozen, which follows when it wakes up', async () => {
    const room = freshRoom()
    const first = await open(browser.context, { room })
    const second = await open(browser.context, { room })
    await write(first, 'before')
    const id = await drives(first)
    await second.bringToFront()
    await until(() => isHidden(first), 'the first is hidden')
    const thaw = await freeze(first)
    expect(await write(second, 'while it is frozen')).toBe(2)
    expect(await drives(second)).toBe(id)
    await save(second, 'saved')
    await thaw()
    await until(async () => (await drives(first)) === undefined, 'the first knows that it drives no more')
    await until(async () => (await read(first))?.length === 3, 'and follows')
    expect(await write(first, 'after')).toBe(4)
    expect(await read(second)).toEqual(['before', 'while it is frozen', 'saved', 'after'])
    // And it has its turn again.
    await crash(second)
    expect(await write(first, 'alone')).toBe(5)
    expect(await drives(first)).toBe(id)
  })

  test('is left to whoever has it by a tab that was given its lock while it was frozen, and robbed of it since', async () => {
    const room = freshRoom()
    const first = await open(browser.context, { room })
    const asleep = await open(browser.context, { room })
    const third = await open(browser.context, { room })
    await write(first, 'before')
    await until(() => isHidden(asleep), 'the second is hidden')
    const thaw = await freeze(asleep)
    await crash(first)
    await until(async () => (await drives(third)) !== undefined, 'the third has taken the node by force')
    expect(await write(third, 'while it is frozen')).toBe(2)
    const term = (): Promise<number | undefined> => third.evaluate(() => window.nodePage?.status()?.term)
    const before = await term()
    await thaw()
    await until(async () => (await read(asleep))?.length === 2, 'the second follows')
    expect(await drives(asleep)).toBeUndefined()
    // Had the node been taken from it for a moment, this would not reach its disk, and it would start again.
    expect(await write(third, 'after')).toBe(3)
    expect(await term()).toBe(before)
  })

  test('is taken from a process that was stopped, which follows when it goes on', async () => {
    const room = freshRoom()
    const first = await open(browser.context, { room })
    const second = await open(browser.context, { room })
    await write(first, 'before')
    expect(await drives(first)).toBeDefined()
    const pid = await browser.processOf(first)
    expect(pid).not.toBe(await browser.processOf(second))
    process.kill(pid, 'SIGSTOP')
    try {
      expect(await write(second, 'while it is stopped')).toBe(2)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await until(async () => (await drives(first)) === undefined, 'the first knows that it drives no more')
    await until(async () => (await read(first))?.length === 2, 'and follows')
    expect(await write(first, 'after')).toBe(3)
  })

  test('serves its other tabs while the page of the one that drives it is blocked for ten seconds', async () => {
    const room = freshRoom()
    const first = await open(browser.context, { room })
    const second = await open(browser.context, { room })
    const id = await drives(first)
    let isBlocked = true
    const blocking = first
      .evaluate(() => window.nodePage?.block(10_000))
      .finally(() => {
        isBlocked = false
      })
    let written = 0
    while (isBlocked) {
      await write(second, `${written}`)
      written += 1
    }
    await blocking
    expect(written).toBeGreaterThan(10)
    expect(await drives(first)).toBe(id)
    expect(await troubles(first)).toEqual([])
  })

  test('is replaced in a tab that is hidden and whose timers are slowed down, when its worker answers no more', async () => {
    const room = freshRoom()
    const first = await open(browser.context, { room })
    const second = await open(browser.context, { room })
    const id = await drives(first)
    await second.bringToFront()
    await until(() => isHidden(first), 'the first is hidden')
    await first.evaluate(() => window.nodePage?.order('hang'))
    expect(await write(second, 'while it hangs')).toBe(1)
    await until(async () => (await troubles(first)).length === 1, 'its page has replaced it')
    expect(await read(first)).toEqual(['while it hangs'])
    expect(await drives(second)).toBe(id)
  })

  test('has all that was saved and acknowledged, once, when the browser was killed while it was written', async () => {
    const room = freshRoom()
    const tabs = [await open(browser.context, { room }), await open(browser.context, { room })]
    const acknowledged: string[] = []
    let goesOn = true
    const writing = tabs.map(async (tab, i) => {
      for (let n = 0; goesOn; n++) {
        const line = `${i}-${n}`
        try {
          await (n % 2 === 0 ? save(tab, line) : write(tab, line))
          acknowledged.push(line)
        } catch {
          return
        }
      }
    })
    await until(async () => acknowledged.length > 60, 'much is written')
    await browser.kill()
    goesOn = false
    await Promise.all(writing)

    await browser.launch()
    const later = await open(browser.context, { room })
    await until(async () => {
      const lines = new Set(await read(later))
      return acknowledged.every(line => lines.has(line))
    }, 'all of it is there')
    const lines = (await read(later)) ?? []
    expect(new Set(lines).size).toBe(lines.length)
    for (const [i] of tabs.entries()) {
      const saved = lines.filter(line => line.startsWith(`${i}-`) && Number(line.split('-')[1]) % 2 === 0)
      expect(saved).toEqual([...saved].sort((a, b) => Number(a.split('-')[1]) - Number(b.split('-')[1])))
    }
  })

  test('starts again by itself when a disk that was full has room again', async () => {
    const room = freshRoom()
    const origin = new URL(harnessAddress).origin
    const blank = await browser.context.newPage()
    // Before the first database is opened: Chromium remembers for a while how much space there was.
    const session = await browser.context.newCDPSession(blank)
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 4 << 20 })
    const tab = await open(browser.context, { room })
    await write(tab, 'before')
    const saved = await tab.evaluate(async () => {
      const kept: string[] = []
      for (;;) {
        // Random, because browsers compress before they count.
        const bytes = crypto.getRandomValues(new Uint8Array(50_000))
        const line = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
        try {
          await window.nodePage?.save(line)
        } catch {
          return kept
        }
        kept.push(line)
      }
    })
    expect(saved.length).toBeGreaterThan(0)
    await session.send('Storage.overrideQuotaForOrigin', { origin })
    expect(await write(tab, 'after')).toBeGreaterThan(1)
    await until(async () => {
      const lines = new Set(await read(tab))
      return saved.every(line => lines.has(line))
    }, 'all that was saved is in the log')
  })

  test('whose database is deleted under it becomes another of the room', async () => {
    const room = freshRoom()
    const tabs = await threeTabs(browser.context, room)
    const { others } = await leaderOf(tabs)
    const [victim] = others
    if (victim === undefined) throw new Error('three have others')
    await write(victim, 'before')
    const id = await drives(victim)
    await victim.evaluate(
      name =>
        new Promise((resolve, reject) => {
          const request = indexedDB.deleteDatabase(name)
          request.onsuccess = resolve
          request.onerror = reject
        }),
      `flotilla/${room}/${id}`,
    )
    await until(async () => ![undefined, id].includes(await drives(victim)), 'it is another node')
    expect(await write(victim, 'after')).toBe(2)
    expect(await read(victim)).toEqual(['before', 'after'])
  })
})
