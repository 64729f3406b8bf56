/**
 * Each check can fail: a lie is planted between the node and its application, or between the node and its disk, and the
 * check that names it must find it within a few seeds, of which none fails without the lie (`run.long.test.ts`).
 */
import { ClusterError, type ProposalFate, type RoomStorage, type StateMachine, type Storage } from '@flotilla/cluster'
import { SessionTable } from '@flotilla/cluster/clients'
import { describe, expect, test, vi } from 'vitest'
import type { PaddedCommand, RegisterMachine } from './register-machine.ts'
import type { Plants, TabCluster } from './room.ts'
import { simulateRuntime } from './run.ts'

/** The node, but for one of its methods. */
function withOnly(cluster: TabCluster, changed: Partial<TabCluster>): TabCluster {
  return new Proxy(cluster, {
    get(target, name) {
      if (Object.hasOwn(changed, name)) return Reflect.get(changed, name)
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** The first property that any of the seeds violates. */
async function caught(plants: Plants, seeds = 60): Promise<string | undefined> {
  for (let seed = 1; seed <= seeds; seed++) {
    const [violation] = (await simulateRuntime(seed, { plants })).violations
    if (violation !== undefined) return violation.property
  }
  return undefined
}

describe('is found', () => {
  test('an application that proposes again what timed out: Exactly Once', async () => {
    const cluster = (node: TabCluster): TabCluster =>
      withOnly(node, {
        propose: async (command, options) => {
          try {
            return await node.propose(command, options)
          } catch (error) {
            if (error instanceof ClusterError && error.kind === 'Timeout') return node.propose(command, options)
            throw error
          }
        },
      })
    // What it says of the second try's fate is out of order as well; either is right.
    expect(['Exactly Once', 'True Fates']).toContain(await caught({ cluster }))
  })

  test('an answer that is another command’s: Exactly Once', async () => {
    let last = 0
    const cluster = (node: TabCluster): TabCluster =>
      withOnly(node, {
        propose: async (command, options) => {
          const committed = await node.propose(command, options)
          const { result } = committed
          const told = { ...committed, result: last }
          last = result
          return told
        },
      })
    expect(await caught({ cluster })).toBe('Exactly Once')
  })

  test('a read that does not ask the leader: Read Your Writes, or Linearizability', async () => {
    const cluster = (node: TabCluster): TabCluster =>
      withOnly(node, { read: query => node.read(query, { consistency: 'local' }) })
    expect(['Read Your Writes', 'Linearizability']).toContain(await caught({ cluster }))
  })

  test('a fate that says committed too early: True Fates', async () => {
    const cluster = (node: TabCluster): TabCluster =>
      withFates(node, fate => (fate.kind === 'appended' ? asCommitted(fate) : fate))
    expect(await caught({ cluster })).toBe('True Fates')
  })

  test('a fate that gives up for good what may still be applied: True Fates', async () => {
    const cluster = (node: TabCluster): TabCluster =>
      withFates(node, fate => (fate.kind === 'abandoned' ? { kind: 'abandoned', reason: 'Superseded' } : fate))
    expect(await caught({ cluster })).toBe('True Fates')
  })

  test('a promise that is forgotten: Settling', async () => {
    const cluster = (node: TabCluster): TabCluster =>
      withOnly(node, {
        read: async (query, options) => {
          try {
            return await node.read(query, options)
          } catch {
            return new Promise(() => {})
          }
        },
      })
    expect(await caught({ cluster })).toBe('Settling')
  })

  test('a machine that is not the same everywhere: Equal States', async () => {
    let machines = 0
    const machine = (real: RegisterMachine): RegisterMachine => {
      const own = ++machines
      const apply = real.apply.bind(real)
      real.apply = (command, at) => {
        if (own % 2 === 0) real.chain += 1
        return apply(command, at)
      }
      return real
    }
    expect(['Equal States', 'Snapshot Equality']).toContain(await caught({ machine }))
  })

  test('a machine whose state has the time of its node: State Digests', async () => {
    let machines = 0
    const machine = (real: RegisterMachine): StateMachine<PaddedCommand, number> => {
      const own = ++machines
      let stamp = 0
      return {
        command: real.command,
        result: real.result,
        apply: (command, at) => {
          stamp = own
          return real.apply(command, at)
        },
        snapshot: () => Uint8Array.of(...real.snapshot(), stamp),
        restore: snapshot => {
          stamp = snapshot.at(-1) ?? 0
          real.restore(snapshot.subarray(0, -1))
        },
      }
    }
    expect(['State Digests', 'Snapshot Equality']).toContain(await caught({ machine }))
  })

  test('a table of sessions that keeps another order of their expiry: State Digests', async () => {
    const { begin } = SessionTable.prototype
    const careless = new WeakSet<SessionTable>()
    let tables = 0
    vi.spyOn(SessionTable.prototype, 'begin').mockImplementation(function (this: SessionTable, ...of) {
      if (tables++ % 50 === 7) careless.add(this)
      const order = careless.has(this) ? [...this.sessions] : []
      const verdict = begin.apply(this, of)
      for (const [id, session] of order) putLast(this.sessions, id, session)
      return verdict
    })
    expect(['State Digests', 'Snapshot Equality']).toContain(await caught({}))
  })

  test('a disk that says it has what it has not: one of the rules of what leaves when', async () => {
    const lying = (storage: Storage): Storage => ({
      ...storage,
      persist: async unit => {
        storage.persist(unit).catch(() => undefined)
      },
    })
    const shelf = (real: RoomStorage): RoomStorage => ({
      ...real,
      create: async (identity, first) => lying(await real.create(identity, first)),
      claim: async node => {
        const storage = await real.claim(node)
        return storage === undefined ? undefined : lying(storage)
      },
    })
    const property = await caught({ shelf })
    expect(['Vote Durability', 'Term Monotone', 'Persist Before Acknowledge', 'Applied Is Durable']).toContain(property)
  })
})

function putLast<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key, value: Value): void {
  if (!(map instanceof Map)) throw new Error('a table of sessions is a map')
  map.delete(key)
  map.set(key, value)
}

function withFates(node: TabCluster, change: (fate: ProposalFate) => ProposalFate): TabCluster {
  return withOnly(node, {
    propose: (command, options = {}) =>
      node.propose(command, { ...options, onFate: fate => options.onFate?.(change(fate)) }),
  })
}

const asCommitted = (fate: Extract<ProposalFate, { index: number }>): ProposalFate => ({ ...fate, kind: 'committed' })
