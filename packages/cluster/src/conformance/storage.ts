/**
 * What every Storage promises (`storage.ts`), as cases that any implementation can be held to, in Node or in a page.
 *
 * A subject makes devices on which nothing has been stored; each case takes as many as it needs.
 */
import type { Configuration, Entry, NodeId, PersistUnit, RecoveredState, Snapshot } from '@flotilla/core'
import { type RoomStorage, type Storage, StorageError, type StorageErrorKind } from '../storage.ts'
import { type ConformanceCase, expect } from './case.ts'
import { equal } from './equal.ts'

export interface StorageDevice {
  /** Opens the device as one tab or process does. Each call is another one, on the same disks. */
  tab(): (room: string) => RoomStorage
  /** Opens a node that somebody is driving, as when the lock on it was broken. */
  takeOver(room: string, nodeId: NodeId): Promise<Storage>
  /** The next write to be made fails, as on a full disk: with `QuotaExceeded`. */
  fillDisk(): void
}

export interface StorageSubject {
  /** One on which nothing has been stored. */
  device(): StorageDevice
}

const CLUSTER = '0123456789abcdef0123456789abcdef'
const OTHER_CLUSTER = 'fedcba9876543210fedcba9876543210'

/** Written out, so that the suite can be listed where core is not built. */
const emptyState: RecoveredState = { currentTerm: 0, votedFor: undefined, snapshot: undefined, entries: [] }

const cases: ConformanceCase<StorageSubject>[] = []

function promise(name: string, run: (device: StorageDevice) => Promise<void>): void {
  cases.push({ name, run: subject => run(subject.device()) })
}

export const storageConformance: readonly ConformanceCase<StorageSubject>[] = cases

promise('a device on which nothing was stored has no nodes', async device => {
  const shelf = device.tab()('room')
  expectEqual(await shelf.list(), [], 'the list is empty')
  expect((await shelf.claim('nobody')) === undefined, 'there is nothing to claim')
  expectEqual(await shelf.list(), [], 'and claiming made nothing')
})

promise('a new node is empty and is who it was made as', async device => {
  const shelf = device.tab()('room')
  const a = await shelf.create({ nodeId: 'a', clusterId: undefined })
  expectEqual(a.recovered, { identity: { nodeId: 'a', clusterId: undefined }, ownerEpoch: 1, state: emptyState }, 'a')
  const b = await shelf.create({ nodeId: 'b', clusterId: CLUSTER })
  expectEqual(b.recovered.identity, { nodeId: 'b', clusterId: CLUSTER }, 'an identity with a cluster')
  expectEqual(await shelf.list(), [a.recovered.identity, b.recovered.identity], 'both are listed while driven')
})

promise('a cluster is bootstrapped with its first unit, durable before create resolves', async device => {
  const first = unit({
    hardState: { currentTerm: 1, votedFor: undefined },
    entries: [configuration(1, 1, voters('a'))],
  })
  const made = await device.tab()('room').create({ nodeId: 'a', clusterId: CLUSTER }, first)
  const expected: RecoveredState = { ...emptyState, currentTerm: 1, entries: first.entries }
  expectEqual(made.recovered.state, expected, 'the unit is in what create found')
  const { recovered } = await device.takeOver('room', 'a')
  expectEqual(recovered.state, expected, 'and is there after a crash')
  expectEqual(recovered.identity, { nodeId: 'a', clusterId: CLUSTER }, 'with its identity')
})

promise('a node that could not be made is not there', async device => {
  const shelf = device.tab()('room')
  device.fillDisk()
  await expectRefused(shelf.create({ nodeId: 'a', clusterId: CLUSTER }, unit({})), 'QuotaExceeded')
  expectEqual(await shelf.list(), [], 'nothing is listed')
  expect((await shelf.claim('a')) === undefined, 'nothing can be claimed')
  const { recovered } = await shelf.create({ nodeId: 'a', clusterId: CLUSTER })
  expectEqual(recovered.state, emptyState, 'it can be made afterwards, from nothing')
})

promise('a node that exists is not made again, driven or not', async device => {
  const shelf = device.tab()('room')
  const a = await shelf.create({ nodeId: 'a', clusterId: CLUSTER })
  await a.persist(unit({ hardState: { currentTerm: 3, votedFor: 'a' } }))
  await expectRefused(device.tab()('room').create({ nodeId: 'a', clusterId: undefined }), 'Exists')
  await a.close()
  await expectRefused(shelf.create({ nodeId: 'a', clusterId: undefined }), 'Exists')
  const { recovered } = await reclaim(device, 'a')
  expect(recovered.state.currentTerm === 3 && recovered.identity.clusterId === CLUSTER, 'it is as it was')
})

promise('nodes are listed in the order of their creation', async device => {
  const ids = ['c', 'a', 'd', 'b']
  for (const nodeId of ids) await (await device.tab()('room').create({ nodeId, clusterId: undefined })).close()
  await (await reclaim(device, 'd')).setClusterId(CLUSTER)
  const listed = await device.tab()('room').list()
  expectEqual(
    listed.map(identity => identity.nodeId),
    ids,
    'creation, not name or use, gives the order',
  )
  expectEqual(listed[2], { nodeId: 'd', clusterId: CLUSTER }, 'a list tells what is true now')
})

promise('rooms know nothing of each other', async device => {
  const a = await device.tab()('room-a').create({ nodeId: 'same', clusterId: CLUSTER })
  expectEqual(await device.tab()('room').list(), [], 'a room whose name begins another does not see its nodes')
  const b = await device.tab()('room').create({ nodeId: 'same', clusterId: OTHER_CLUSTER })
  await a.persist(unit({ hardState: { currentTerm: 7, votedFor: undefined } }))
  await b.persist(unit({ hardState: { currentTerm: 2, votedFor: 'same' } }))
  await a.close()
  const again = await device.tab()('room-a').claim('same')
  expect(again?.recovered.state.currentTerm === 7, 'each has its own state')
  expectEqual(await device.tab()('room').list(), [{ nodeId: 'same', clusterId: OTHER_CLUSTER }], 'and its own list')
})

cases.push({
  name: 'devices know nothing of each other',
  async run(subject) {
    await subject.device().tab()('room').create({ nodeId: 'a', clusterId: undefined })
    expectEqual(await subject.device().tab()('room').list(), [], 'another device is empty')
  },
})

promise('hard state is recovered as last persisted', async device => {
  await expectKept(device, [
    [unit({ hardState: { currentTerm: 4, votedFor: 'b' } }), { currentTerm: 4, votedFor: 'b' }],
    [
      unit({ hardState: { currentTerm: Number.MAX_SAFE_INTEGER, votedFor: undefined } }),
      { currentTerm: Number.MAX_SAFE_INTEGER, votedFor: undefined },
    ],
    [unit({}), {}],
  ])
})

promise('entries of every kind are recovered as persisted', async device => {
  const joint: Configuration = { ...voters('a', 'é🚢', 'c'), oldVoters: ['a', 'gone'], namesGiven: 9 }
  const learner: Configuration = { ...voters('a', 'b'), voters: ['a'], namesGiven: 2 }
  const entries = [
    configuration(1, 1, voters('a')),
    noop(2, 1),
    command(3, 1, bytes(100, 1)),
    configuration(4, 2, joint),
    configuration(5, 2, learner),
    command(6, 5, new Uint8Array(0)),
    command(
      7,
      5,
      Uint8Array.from({ length: 256 }, (_, i) => i),
    ),
  ]
  await expectKept(device, [[unit({ entries }), { entries }]])
})

promise('a command that is a view of a larger buffer is kept as itself', async device => {
  const frame = bytes(10_000, 3)
  const [one, two] = [frame.subarray(100, 150), frame.subarray(9_990)]
  const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
  await a.persist(unit({ entries: [command(1, 1, one), command(2, 1, two)] }))
  const { entries } = (await device.takeOver('room', 'a')).recovered.state
  expectEqual(entries, [command(1, 1, one.slice()), command(2, 1, two.slice())], 'the bytes of the views')
})

promise('truncating and appending in one unit replaces the tail', async device => {
  const before = commands(1, 10, 1)
  const tail = commands(6, 8, 2)
  await expectKept(device, [
    [unit({ entries: before }), { entries: before }],
    [unit({ truncateFrom: 6, entries: tail }), { entries: [...before.slice(0, 5), ...tail] }],
    [unit({ truncateFrom: 8 }), { entries: [...before.slice(0, 5), ...tail.slice(0, 2)] }],
    [unit({ truncateFrom: 1, entries: commands(1, 1, 3) }), { entries: commands(1, 1, 3) }],
  ])
})

promise('a snapshot replaces the log up to its index, and the log goes on after it', async device => {
  const log = commands(1, 10, 1)
  const at6 = snapshot(6, 1, 1_000)
  const more = commands(11, 12, 2)
  await expectKept(device, [
    [unit({ entries: log }), { entries: log }],
    [unit({ snapshot: at6 }), { snapshot: at6, entries: log.slice(6) }],
    [unit({ entries: more }), { entries: [...log.slice(6), ...more] }],
    [unit({ snapshot: snapshot(12, 2, 10) }), { snapshot: snapshot(12, 2, 10), entries: [] }],
    [unit({ entries: commands(13, 13, 2) }), { entries: commands(13, 13, 2) }],
  ])
})

promise('a snapshot from a leader may lie beyond the log, and may replace all of it', async device => {
  const beyond = snapshot(100, 4, 500)
  const later = snapshot(200, 5, 500)
  await expectKept(device, [
    [unit({ entries: commands(1, 5, 1) }), { entries: commands(1, 5, 1) }],
    [unit({ snapshot: beyond, truncateFrom: 1 }), { snapshot: beyond, entries: [] }],
    [unit({ entries: commands(101, 110, 4) }), { entries: commands(101, 110, 4) }],
    [unit({ snapshot: later, entries: commands(201, 202, 5) }), { snapshot: later, entries: commands(201, 202, 5) }],
  ])
})

promise('a unit with every field is applied in the order of the fields', async device => {
  const log = commands(1, 10, 1)
  const all = unit({
    hardState: { currentTerm: 9, votedFor: 'z' },
    snapshot: snapshot(4, 1, 50),
    truncateFrom: 7,
    entries: [configuration(7, 9, voters('a', 'b')), noop(8, 9)],
  })
  await expectKept(device, [
    [unit({ hardState: { currentTerm: 1, votedFor: undefined }, entries: log }), { currentTerm: 1, entries: log }],
    [all, { ...all.hardState, snapshot: all.snapshot, entries: [...log.slice(4, 6), ...all.entries] }],
  ])
})

promise('a large unit is kept whole: 1,000 entries and a snapshot of 1 MB', async device => {
  const large = unit({ snapshot: snapshot(50, 3, 1 << 20), entries: commands(51, 1_050, 3, 200) })
  await expectKept(device, [[large, { snapshot: large.snapshot, entries: large.entries }]])
})

promise('units under way at once become durable in the order of the calls', async device => {
  const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
  const settled: number[] = []
  const units = Array.from({ length: 200 }, (_, i) =>
    // Each replaces the last entry of the one before: any other order leaves another log.
    unit({
      token: i + 1,
      hardState: { currentTerm: i + 1, votedFor: undefined },
      truncateFrom: i + 1,
      entries: [noop(i + 1, i + 1), noop(i + 2, i + 1)],
    }),
  )
  await Promise.all(units.map(each => a.persist(each).then(() => settled.push(each.token))))
  expectEqual(
    settled,
    units.map(each => each.token),
    'they resolve in order',
  )
  const { state } = (await device.takeOver('room', 'a')).recovered
  expect(state.currentTerm === 200, 'the last hard state stands')
  expectEqual(state.entries, [...units.map((_, i) => noop(i + 1, i + 1)), noop(201, 200)], 'and so does every unit')
})

promise('close waits for what is under way', async device => {
  const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
  let durable = 0
  const underWay = commands(1, 50, 1).map(entry => a.persist(unit({ entries: [entry] })).then(() => (durable += 1)))
  await a.close()
  expect(durable === 50, 'all are durable once close resolves')
  await Promise.all(underWay)
  expect((await reclaim(device, 'a')).recovered.state.entries.length === 50, 'and recovered')
})

promise('a node has one driver at a time, and the next one may be in another tab', async device => {
  const [one, two] = [device.tab()('room'), device.tab()('room')]
  const a = await one.create({ nodeId: 'a', clusterId: undefined })
  expect((await two.claim('a')) === undefined, 'not while another tab drives it')
  expect((await one.claim('a')) === undefined, 'nor while this one does')
  await a.close()
  const claims = await Promise.all([one.claim('a'), two.claim('a'), one.claim('a')])
  const drivers = claims.filter(claimed => claimed !== undefined)
  expect(drivers.length === 1, 'of three that claim at once, one gets it')
})

promise('closing twice is once, and does not take the node from the next driver', async device => {
  const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
  await Promise.all([a.close(), a.close()])
  const next = await reclaim(device, 'a')
  await a.close()
  expect((await device.tab()('room').claim('a')) === undefined, 'the next one still drives it')
  await next.persist(unit({ hardState: { currentTerm: 1, votedFor: undefined } }))
})

promise('ownerEpoch grows by one each time the node is opened', async device => {
  let storage = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
  for (const epoch of [1, 2, 3, 4]) {
    expect(storage.recovered.ownerEpoch === epoch, `opening ${epoch}`)
    await storage.close()
    storage = await reclaim(device, 'a')
  }
})

promise('an older owner is fenced, and writes nothing', async device => {
  const old = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
  await old.persist(unit({ hardState: { currentTerm: 1, votedFor: 'a' }, entries: commands(1, 3, 1) }))
  const owner = await device.takeOver('room', 'a')
  expect(owner.recovered.ownerEpoch === 2, 'a takeover is an opening')
  expect(owner.recovered.state.entries.length === 3, 'it finds what is durable')

  const late = unit({ hardState: { currentTerm: 8, votedFor: 'b' }, truncateFrom: 1, snapshot: snapshot(9, 8, 10) })
  await Promise.all([expectRefused(old.persist(late), 'Fenced'), expectRefused(old.persist(unit({})), 'Fenced')])
  await expectRefused(old.setClusterId(CLUSTER), 'Fenced')
  expect((await old.lost).kind === 'Fenced', 'and is told that it lost the node')
  await old.close()

  await owner.persist(unit({ entries: commands(4, 4, 1) }))
  const { recovered } = await device.takeOver('room', 'a')
  const { currentTerm, votedFor, entries, snapshot: none } = recovered.state
  expect(currentTerm === 1 && votedFor === 'a' && none === undefined, 'nothing of the fenced unit is there')
  expectEqual(entries, commands(1, 4, 1), 'and all of the owner is')
  expect(recovered.identity.clusterId === undefined, 'nor did a fenced owner change the identity')
})

promise('after a unit has failed nothing is written, also of what was already under way', async device => {
  const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
  await a.persist(unit({ entries: commands(1, 3, 1) }))
  device.fillDisk()
  await Promise.all([
    expectRefused(a.persist(unit({ entries: commands(4, 4, 1) })), 'QuotaExceeded'),
    expectRefused(a.persist(unit({ entries: commands(5, 5, 1) })), 'QuotaExceeded'),
    expectRefused(a.persist(unit({ hardState: { currentTerm: 5, votedFor: undefined } })), 'QuotaExceeded'),
  ])
  await expectRefused(a.persist(unit({})), 'QuotaExceeded')
  await a.close()
  const { state } = (await reclaim(device, 'a')).recovered
  expectEqual(state, { ...emptyState, entries: commands(1, 3, 1) }, 'what was durable before is all there is')
})

promise('the cluster id is durable, and for good', async device => {
  const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
  await a.setClusterId(CLUSTER)
  await a.setClusterId(CLUSTER)
  await expectRefused(a.setClusterId(OTHER_CLUSTER), 'Corrupt')
  await a.persist(unit({ entries: commands(1, 1, 1) }))
  await a.close()
  const again = await reclaim(device, 'a')
  expectEqual(again.recovered.identity, { nodeId: 'a', clusterId: CLUSTER }, 'the first one stands')
  await expectRefused(again.setClusterId(OTHER_CLUSTER), 'Corrupt')
  expectEqual(await device.tab()('room').list(), [{ nodeId: 'a', clusterId: CLUSTER }], 'also in the list')
})

promise('a closed storage takes nothing more', async device => {
  const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
  const closing = a.close()
  await expectRefused(a.persist(unit({ hardState: { currentTerm: 1, votedFor: undefined } })), 'Closed')
  await closing
  await expectRefused(a.persist(unit({})), 'Closed')
  await expectRefused(a.setClusterId(CLUSTER), 'Closed')
  expectEqual((await reclaim(device, 'a')).recovered.state, emptyState, 'nothing was written')
})

promise('one decision at a time is made exclusively', async device => {
  let inside = 0
  let most = 0
  const decide = async (): Promise<void> => {
    inside += 1
    most = Math.max(most, inside)
    // Real work of the storage's own, so that the others get every chance to come in.
    await device.tab()('room').list()
    await device.tab()('room').list()
    inside -= 1
  }
  await Promise.all(Array.from({ length: 10 }, () => device.tab()('room').exclusively(decide)))
  expect(most === 1, `never two inside, but ${most} were`)
})

promise('of tabs that open or create at once, one creates', async device => {
  const openOrCreate = async (nodeId: NodeId): Promise<string> => {
    const shelf = device.tab()('room')
    return shelf.exclusively(async () => {
      const [first] = await shelf.list()
      return first?.nodeId ?? (await shelf.create({ nodeId, clusterId: CLUSTER })).recovered.identity.nodeId
    })
  }
  const found = await Promise.all(['a', 'b', 'c', 'd'].map(openOrCreate))
  expect(new Set(found).size === 1, `all found the same node, not ${found.join(' ')}`)
})

promise('exclusively passes results and errors through, and lets go after either', async device => {
  const shelf = device.tab()('room')
  expect((await shelf.exclusively(async () => 'result')) === 'result', 'the result')
  const error = new Error('mine')
  const thrown = await shelf.exclusively(() => Promise.reject(error)).catch((cause: unknown) => cause)
  expect(thrown === error, 'the error itself')
  expect((await shelf.exclusively(async () => 'next')) === 'next', 'and the next one gets in')
})

promise('exclusively in one room does not wait for another room', async device => {
  const result = await device
    .tab()('one')
    .exclusively(() =>
      device
        .tab()('two')
        .exclusively(async () => 'inner'),
    )
  expect(result === 'inner', 'nested in another room')
})

/** Persists unit after unit; after each, what a new driver finds is the state before with these changes. */
async function expectKept(
  device: StorageDevice,
  steps: readonly (readonly [PersistUnit, Partial<RecoveredState>])[],
): Promise<void> {
  let storage = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
  let expected: RecoveredState = emptyState
  for (const [i, [persisted, changes]] of steps.entries()) {
    await storage.persist({ ...persisted, token: 1 })
    expected = { ...expected, ...changes }
    // Taken over rather than closed: what is durable must not depend on a goodbye.
    storage = await device.takeOver('room', 'a')
    expectEqual(storage.recovered.state, expected, `the state after unit ${i + 1}`)
  }
}

async function expectRefused(attempt: Promise<unknown>, kind: StorageErrorKind): Promise<void> {
  const refused = await attempt.then(
    () => 'done',
    (cause: unknown) => cause,
  )
  expect(refused instanceof StorageError, `a StorageError ${kind}, not ${String(refused)}`)
  expect(refused.kind === kind, `${kind}, not ${refused.kind}: ${refused.message}`)
}

function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (equal(actual, expected)) return
  const text = (value: unknown): string => JSON.stringify(value)?.slice(0, 500) ?? 'undefined'
  expect(false, `${what}: ${text(actual)} is not ${text(expected)}`)
}

async function reclaim(device: StorageDevice, nodeId: NodeId): Promise<Storage> {
  const storage = await device.tab()('room').claim(nodeId)
  expect(storage !== undefined, `${nodeId} can be claimed`)
  return storage
}

function unit(fields: Partial<PersistUnit>): PersistUnit {
  return { token: 1, hardState: undefined, snapshot: undefined, truncateFrom: 0, entries: [], ...fields }
}

const noop = (index: number, term: number): Entry => ({ index, term, kind: 'noop', data: null })

const command = (index: number, term: number, data: Uint8Array): Entry => ({ index, term, kind: 'command', data })

const configuration = (index: number, term: number, data: Configuration): Entry => ({
  index,
  term,
  kind: 'configuration',
  data,
})

function commands(from: number, to: number, term: number, size = 20): Entry[] {
  return Array.from({ length: to - from + 1 }, (_, i) => command(from + i, term, bytes(size, from + i)))
}

function voters(...ids: NodeId[]): Configuration {
  return {
    members: ids.map((id, i) => ({ id, name: `S${i + 1}` })),
    voters: ids,
    oldVoters: [],
    namesGiven: ids.length,
  }
}

function snapshot(index: number, term: number, size: number): Snapshot {
  return { index, term, configuration: voters('a', 'b', 'c'), data: bytes(size, index) }
}

/** The same for the same seed, and different at every place. */
function bytes(size: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8) * 7 + seed * 17) & 0xff)
}
