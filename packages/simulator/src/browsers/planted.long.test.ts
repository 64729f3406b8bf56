/**
 * Each check of whole browsers can fail: a mistake is made on purpose in what a page or its node stands on, and the check that
 * names it must find it within a few seeds, of which none fails without (`run.long.test.ts`).
 */
import {
  decodeNodeMessage,
  encodeNodeMessage,
  firstLineState,
  type HeldLine,
  type OutboxStore,
  type Port,
} from '@flotilla/client'
import type { RoomStorage, Storage } from '@flotilla/cluster'
import { describe, expect, test } from 'vitest'
import { type BrowserFault, type BrowsersMix, browserFaults } from './mix.ts'
import type { BrowserPlants } from './room.ts'
import { simulateBrowsers } from './run.ts'

/** The first property that any of the seeds violates. */
async function caught(
  plants: BrowserPlants,
  mix: (drawn: BrowsersMix) => BrowsersMix = drawn => drawn,
): Promise<string | undefined> {
  for (let seed = 1; seed <= mostSeeds; seed++) {
    const [violation] = (await simulateBrowsers(seed, { plants, mix })).violations
    if (violation !== undefined) return violation.property
  }
  return undefined
}

const mostSeeds = 60

const withNight = (drawn: BrowsersMix): BrowsersMix => ({ ...drawn, browsers: 3, hasNight: true })

/** Tabs that freeze for as long as it takes to be robbed, and nothing else. */
const withFrost = (drawn: BrowsersMix): BrowsersMix => ({
  ...drawn,
  browsers: 2,
  tabs: 3,
  faultEveryMs: 500,
  faultLastsMs: 8_000,
  faultsMs: 40_000,
  faultWeights: weights(drawn, fault => (fault === 'freezeTab' ? 1 : 0)),
})

function weights(
  { faultWeights }: BrowsersMix,
  weightOf: (fault: BrowserFault) => number,
): BrowsersMix['faultWeights'] {
  const weights = { ...faultWeights }
  for (const fault of browserFaults) weights[fault] = weightOf(fault)
  return weights
}

/** The outbox, but for how it has its lines. */
function withLines(store: OutboxStore, change: (line: HeldLine) => HeldLine): OutboxStore {
  return {
    ...store,
    take: async () => change(await store.take()),
    takeOrphan: async () => {
      const line = await store.takeOrphan()
      return line && change(line)
    },
  }
}

describe('is found', () => {
  test('an outbox that sends before it is written which commands may have been sent: Exactly Once', async () => {
    const store = (real: OutboxStore): OutboxStore =>
      withLines(real, line => ({
        ...line,
        write: change => line.write({ ...change, state: { ...change.state, session: 0, cluster: '', boundUpTo: 0 } }),
      }))
    expect(await caught({ store })).toMatch(/^Exactly Once/)
  })

  test('a page that says saved before its disk does: Saved Is Kept, its line stands still, or another command has its number', async () => {
    const store = (real: OutboxStore): OutboxStore =>
      withLines(real, line => {
        let last = Promise.resolve()
        return {
          ...line,
          write: async change => {
            last = last.then(() => line.write(change)).catch(() => {})
          },
        }
      })
    // Whoever takes the line up sees it as it was before, gives the same numbers again, and is told what came of the others.
    expect(await caught({ store })).toMatch(/^(Saved Is Kept|Order Of A Line|Liveness|Exactly Once)$/)
  })

  test('an outbox that forgets what the tab before had not got through: Saved Is Kept, or nothing drains', async () => {
    const store = (real: OutboxStore): OutboxStore => ({
      ...real,
      take: async () => {
        const line = await real.take()
        return { ...line, state: firstLineState, commands: [] }
      },
    })
    expect(await caught({ store })).toMatch(/^(Saved Is Kept|Liveness|Order Of A Line|Exactly Once)/)
  })

  test('nobody who sends what a tab that is gone has left: Liveness', async () => {
    const store = (real: OutboxStore): OutboxStore => ({ ...real, takeOrphan: async () => undefined })
    expect(await caught({ store })).toMatch(/^Liveness/)
  })

  test('an outbox that drops in silence what may have been sent: Saved Is Kept', async () => {
    const store = (real: OutboxStore): OutboxStore =>
      withLines(real, line => ({ ...line, write: change => line.write({ ...change, lost: [] }) }))
    expect(await caught({ store }, withNight)).toMatch(/^Saved Is Kept/)
  })

  test('a copy that passes over the first command after a snapshot: Equal States', async () => {
    const way = (port: Port): Port => {
      let wasSnapshot = false
      return {
        ...port,
        send: bytes => {
          const decoded = decodeNodeMessage(bytes)
          if (!decoded.ok || (decoded.value.kind !== 'entries' && decoded.value.kind !== 'chunk'))
            return port.send(bytes)
          const message = decoded.value
          const entries = message.kind === 'entries' && wasSnapshot ? message.entries.slice(1) : undefined
          wasSnapshot = message.kind === 'chunk'
          port.send(
            entries === undefined
              ? bytes
              : encodeNodeMessage({ kind: 'entries', upTo: message.kind === 'entries' ? message.upTo : 0, entries }),
          )
        },
      }
    }
    expect(await caught({ way })).toMatch(/^(Equal States|Exactly Once)/)
  })

  test('a driver that was robbed, does not hear of it, and whose disk never answers: One Voice, or Liveness', async () => {
    const deaf = (storage: Storage): Storage => ({
      ...storage,
      lost: new Promise(() => {}),
      persist: unit => storage.persist(unit).catch(() => new Promise(() => {})),
    })
    const shelf = (real: RoomStorage): RoomStorage => ({
      ...real,
      create: async (identity, first) => deaf(await real.create(identity, first)),
      claim: async node => {
        const storage = await real.claim(node)
        return storage && deaf(storage)
      },
    })
    const ground: BrowserPlants['ground'] = real => ({
      ...real,
      locks: {
        request: async (name, options) => ({
          ...(await real.locks.request(name, options)),
          stolen: new Promise(() => {}),
        }),
      },
      storage: byForce => room => shelf(real.storage(byForce)(room)),
    })
    expect(await caught({ ground }, withFrost)).toMatch(/^(One Voice|Liveness)$/)
  })
})
