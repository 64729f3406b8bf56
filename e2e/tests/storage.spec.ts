/** IndexedDB storage: the conformance suite, and what only a real browser with several tabs can do to a database. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Recovered } from '@flotilla/cluster'
import type { Entry, PersistUnit } from '@flotilla/core'
import { type BrowserContext, chromium, expect, type Page, test } from '@playwright/test'
// From its source: Playwright knows nothing of the `source` condition, and the suite needs nothing that is built.
import { storageConformance } from '../../packages/cluster/src/conformance/storage.ts'
import { conformanceTests } from '../fixtures/conformance.ts'
import type {} from '../harness/storage.ts'
import { harnessAddress, launchOptions } from '../surroundings.ts'

const address = new URL('storage.html', harnessAddress).href
const CLUSTER = '0123456789abcdef0123456789abcdef'

conformanceTests(
  'IndexedDB storage conforms',
  'storage.html',
  storageConformance.map(({ name }) => name),
)

test.describe('IndexedDB storage', () => {
  test('of two tabs that claim a node at once one gets it, and the other when that one closes', async ({ context }) => {
    const [one, two] = [await open(context), await open(context)]
    await create(one)
    await closeNode(one)
    for (let round = 0; round < 20; round++) {
      const claims = await Promise.all([claim(one), claim(two)])
      expect(claims.filter(found => found !== undefined)).toHaveLength(1)
      const [driver, other] = claims[0] === undefined ? [two, one] : [one, two]
      expect(await claim(other)).toBeUndefined()
      await closeNode(driver)
    }
    expect(await claim(one)).toMatchObject({ ownerEpoch: 22 })
    await one.close()
    await expect.poll(() => claim(two)).toMatchObject({ ownerEpoch: 23 })
  })

  test('an owner is fenced by the epoch alone, and nothing of its unit is written', async ({ context }) => {
    const page = await open(context)
    await create(page)
    expect(await persist(page, term(1))).toBe('durable')
    await page.evaluate(() => window.putRaw('ownerEpoch', 2))
    expect(await persist(page, { ...term(9), entries: [noop(1, 9)] })).toBe('Fenced')
    expect(await lost(page)).toBe('Fenced')
    await closeNode(page)
    expect(await claim(page)).toMatchObject({ ownerEpoch: 3, state: { currentTerm: 1, entries: [] } })
  })

  test('everything acknowledged before a crash of the tab is there', async ({ context }) => {
    const [page, survivor] = [await open(context), await open(context)]
    await create(page)
    let acknowledged = 0
    await page.exposeFunction('acknowledge', (index: number) => {
      acknowledged = index
    })
    page.evaluate(() => window.persistForever()).catch(() => 'the tab dies in the middle of it')
    await expect.poll(() => acknowledged).toBeGreaterThan(100)
    await crash(page)

    await expect.poll(() => claim(survivor)).toBeDefined()
    const entries = await survivor.evaluate(() => window.driven().recovered.state.entries.map(entry => entry.index))
    // Whoever recovers checks that the log has no gap.
    expect(entries?.length).toBeGreaterThanOrEqual(acknowledged)
  })

  test('a database deleted from another tab is lost, and its node is not brought back empty', async ({ context }) => {
    const [page, other] = [await open(context), await open(context)]
    await create(page)
    await persist(page, term(5))
    await other.evaluate(
      () =>
        new Promise(deleted => {
          indexedDB.deleteDatabase('flotilla/room/a').onsuccess = deleted
        }),
    )
    expect(await lost(page)).toBe('Unavailable')
    expect(await persist(page, term(6))).toBe('Unavailable')
    await closeNode(page)
    await expectNoNode(other)
  })

  test('what the browser evicts is lost, and its node is not brought back empty', async ({ context }) => {
    const page = await open(context)
    await create(page)
    await persist(page, term(5))
    const session = await context.newCDPSession(page)
    await session.send('Storage.clearDataForOrigin', { origin: new URL(address).origin, storageTypes: 'indexeddb' })
    expect(await lost(page)).toBe('Unavailable')
    expect(await persist(page, term(6))).toBe('Unavailable')
    await closeNode(page)
    await expectNoNode(page)
  })

  test('a connection that the browser closes is opened again, hours later too, but not again and again', async ({
    context,
  }) => {
    const page = await open(context)
    await create(page)
    for (let drops = 0; drops < 3; drops++) {
      await page.evaluate(() => {
        const now = performance.now.bind(performance)
        performance.now = () => now() + 3_600_000
        window.dropConnections()
      })
      expect(await persist(page, term(5))).toBe('durable')
    }
    await page.evaluate(() => window.dropConnections())
    expect(await lost(page)).toBe('Unavailable')
    expect(await persist(page, term(6))).toBe('Unavailable')
    await closeNode(page)
    expect(await claim(page)).toMatchObject({ state: { currentTerm: 5 } })
  })

  test('a connection that the browser closes is not opened again if the node has a new owner', async ({ context }) => {
    const page = await open(context)
    await create(page)
    await page.evaluate(() => window.putRaw('ownerEpoch', 7))
    await page.evaluate(() => window.dropConnections())
    expect(await lost(page)).toBe('Fenced')
    expect(await persist(page, term(6))).toBe('Fenced')
  })

  test('a full disk fails the unit and all after it, and leaves what was durable', async ({ context }) => {
    const page = await open(context)
    // Before the first database is opened: Chromium remembers for a while how much space there was.
    // The session stays open: what it overrides lasts as long as it does.
    const session = await context.newCDPSession(page)
    const { origin } = new URL(address)
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 8 << 20 })
    await create(page)
    expect(await persist(page, { ...term(1), entries: [noop(1, 1)] })).toBe('durable')
    const outcomes = await page.evaluate(() => {
      const outcome = (index: number, bytes: number) => {
        // Random, because browsers compress before they count.
        const data = new Uint8Array(bytes)
        for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(data.subarray(at, at + 65_536))
        const entries = [{ index, term: 1, kind: 'command', data }] as const
        const unit = { token: index, hardState: undefined, snapshot: undefined, truncateFrom: 0, entries }
        return window
          .driven()
          .persist(unit)
          .then(
            () => 'durable',
            error => error.kind,
          )
      }
      // The small units are under way together with the one that is too large, some of them behind it.
      return Promise.all([outcome(2, 1), outcome(3, 24 << 20), outcome(4, 1), outcome(5, 1)])
    })
    // Chromium may blame the small unit before the large one. Left to itself, it then writes those behind them.
    expect(outcomes.slice(1)).toEqual(['QuotaExceeded', 'QuotaExceeded', 'QuotaExceeded'])
    expect(await persist(page, term(2))).toBe('QuotaExceeded')

    await session.send('Storage.overrideQuotaForOrigin', { origin })
    await closeNode(page)
    const found = await claim(page)
    expect(found?.state.currentTerm).toBe(1)
    expect(found?.state.entries.map(entry => entry.index)).toEqual(outcomes[0] === 'durable' ? [1, 2] : [1])
  })

  test('a write that does not end is given up, and is not made later, when the database is free again', async ({
    context,
  }) => {
    const page = await open(context)
    await page.clock.install()
    await create(page)
    expect(await persist(page, term(1))).toBe('durable')
    const hog = await open(context)
    await hog.evaluate(
      () =>
        new Promise<void>(held => {
          indexedDB.open('flotilla/room/a').onsuccess = ({ target }) => {
            if (!(target instanceof IDBOpenDBRequest)) return
            const store = target.result.transaction('records', 'readwrite').objectStore('records')
            const hold = () => {
              store.get('identity').onsuccess = hold
              held()
            }
            hold()
          }
        }),
    )
    // From here on time passes for this page only as we say.
    await page.clock.pauseAt('2050-01-01')
    const written = persist(page, term(2))
    await page.clock.runFor(59_000)
    expect(await Promise.race([written, Promise.resolve('waits')])).toBe('waits')
    await page.clock.runFor(2_000)
    expect(await written).toBe('Unavailable')
    expect(await lost(page)).toBe('Unavailable')
    expect(await persist(page, term(3))).toBe('Unavailable')
    await hog.close()
    await closeNode(page)
    expect(await claim(page)).toMatchObject({ ownerEpoch: 2, state: { currentTerm: 1 } })
  })

  test('a browser that restarts gets everything back', async () => {
    const profile = await mkdtemp(join(tmpdir(), 'flotilla-profile-'))
    try {
      const before = await chromium.launchPersistentContext(profile, launchOptions)
      const page = await open(before)
      await create(page, CLUSTER)
      const entries = Array.from({ length: 100 }, (_, i) => noop(i + 1, 3))
      await persist(page, { ...term(3), entries })
      await before.close()

      const after = await chromium.launchPersistentContext(profile, launchOptions)
      const again = await open(after)
      expect((await again.evaluate(() => window.shelf.survey())).nodes).toMatchObject([
        { nodeId: 'a', clusterId: CLUSTER },
      ])
      expect(await claim(again)).toEqual({
        identity: { nodeId: 'a', clusterId: CLUSTER },
        ownerEpoch: 2,
        state: { currentTerm: 3, votedFor: 'a', snapshot: undefined, entries },
      })
      await after.close()
    } finally {
      await rm(profile, { recursive: true, force: true })
    }
  })

  test('a database of a later version is refused, and left as it is', async ({ context }) => {
    const page = await open(context)
    await create(page)
    await closeNode(page)
    await page.evaluate(
      () =>
        new Promise<void>(upgraded => {
          const request = indexedDB.open('flotilla/room/a', 3)
          request.onsuccess = () => {
            request.result.close()
            upgraded()
          }
        }),
    )
    expect(await refusals(page)).toEqual(['NewerVersion', 'NewerVersion', 'Exists'])
  })

  test('a database of before checksums is taken as it is, once, and sealed from then on', async ({ context }) => {
    const page = await open(context)
    await page.evaluate(
      () =>
        new Promise<void>(made => {
          const request = indexedDB.open('flotilla/room/a', 1)
          request.onupgradeneeded = () => {
            const store = request.result.createObjectStore('records')
            store.put({ nodeId: 'a', clusterId: undefined, created: 0 }, 'identity')
            store.put(4, 'ownerEpoch')
            store.put({ currentTerm: 3, votedFor: 'b' }, 'hardState')
            store.put(1, 'commitIndex')
            store.put({ index: 1, term: 2, kind: 'command', data: new Uint8Array([7, 8]) }, 1)
          }
          request.onsuccess = () => {
            request.result.close()
            made()
          }
        }),
    )
    const claim = () =>
      page.evaluate(async () => {
        const node = await window.shelf.claim('a')
        await node?.close()
        return node?.recovered
      })
    const state = { currentTerm: 3, votedFor: 'b', commitIndex: 1 }
    expect(await claim()).toMatchObject({ ownerEpoch: 5, state })
    expect(await claim()).toMatchObject({ ownerEpoch: 6, state })
    await page.evaluate(() => window.putRaw('commitIndex', 2))
    expect(await refusals(page)).toContain('Corrupt')
  })

  test('records that we cannot have written are refused, and the node is let go of', async ({ context }) => {
    const page = await open(context)
    await create(page)
    await persist(page, { ...term(1), entries: [noop(1, 1), noop(2, 1)] })
    await closeNode(page)
    await page.evaluate(() => window.putRaw(5, { index: 5, term: 1, kind: 'noop', data: null }))
    const claimed = () =>
      page.evaluate(() =>
        window.shelf.claim('a').then(
          () => 'claimed',
          error => error.kind,
        ),
      )
    expect(await claimed()).toBe('Corrupt')
    // Were it still held, this would find nothing to claim.
    expect(await claimed()).toBe('Corrupt')
    await page.evaluate(() => window.putRaw('identity', { nodeId: 'b', clusterId: undefined, created: 0 }))
    expect(await refusals(page)).toEqual(['Corrupt', 'Corrupt', 'Exists'])
  })

  test('a database whose making was cut short is no node', async ({ context }) => {
    const page = await open(context)
    await page.evaluate(
      () =>
        new Promise<void>(made => {
          const request = indexedDB.open('flotilla/room/a', 1)
          request.onupgradeneeded = () => request.result.createObjectStore('records')
          request.onsuccess = () => {
            request.result.close()
            made()
          }
        }),
    )
    await expectNoNode(page)
    expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0)
    await create(page)
    expect(await persist(page, term(1))).toBe('durable')
  })
})

async function open(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(address)
  await page.waitForFunction(() => window.conformance !== undefined)
  return page
}

async function create(page: Page, clusterId?: string): Promise<void> {
  await page.evaluate(async clusterId => {
    window.node = await window.shelf.create({ nodeId: 'a', clusterId })
  }, clusterId)
}

/** What was found, if this tab drives the node now. */
function claim(page: Page): Promise<Recovered | undefined> {
  return page.evaluate(async () => {
    const found = await window.shelf.claim('a')
    if (found !== undefined) window.node = found
    return found?.recovered
  })
}

/** How it ended: durable, or the kind of error. */
function persist(page: Page, unit: PersistUnit): Promise<string> {
  return page.evaluate(
    unit =>
      window
        .driven()
        .persist(unit)
        .then(
          () => 'durable',
          error => error.kind,
        ),
    unit,
  )
}

const lost = (page: Page): Promise<string> => page.evaluate(async () => (await window.driven().lost).kind)

const closeNode = (page: Page): Promise<void> => page.evaluate(() => window.driven().close())

/** How survey, claim and create answer where they must not give a node. */
function refusals(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { shelf } = window
    const attempts: (() => Promise<unknown>)[] = [
      async () => {
        const { nodes, damaged } = await shelf.survey()
        if (nodes.length === 0 && damaged[0] !== undefined) throw damaged[0].error
      },
      () => shelf.claim('a'),
      () => shelf.create({ nodeId: 'a', clusterId: undefined }),
    ]
    const kinds: string[] = []
    for (const attempt of attempts) {
      await attempt().then(
        () => kinds.push('done'),
        error => kinds.push(error.kind),
      )
    }
    return kinds
  })
}

async function expectNoNode(page: Page): Promise<void> {
  expect(await claim(page)).toBeUndefined()
  expect((await page.evaluate(() => window.shelf.survey())).nodes).toEqual([])
}

async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  session.send('Page.crash').catch(() => 'nobody is left to answer')
  await crashed
}

const noop = (index: number, term: number): Entry => ({ index, term, kind: 'noop', data: null })

function term(currentTerm: number): PersistUnit {
  return {
    token: 1,
    hardState: { currentTerm, votedFor: 'a' },
    snapshot: undefined,
    truncateFrom: 0,
    entries: [],
  }
}
