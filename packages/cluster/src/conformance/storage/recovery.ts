/** What was persisted is what the next driver recovers: hard state, entries, truncations and snapshots. */
import type { Configuration, PersistUnit, RecoveredState } from '@flotilla/core'
import { patterned } from '../bytes.ts'
import { expect } from '../case.ts'
import { emptyState, expectEqual, type StorageDevice, type StoragePromises } from './promises.ts'
import { command, commands, configuration, noop, snapshot, unit, voters } from './units.ts'

export const recovery: StoragePromises = {
  async 'hard state is recovered as last persisted'(device) {
    await expectKept(device, [
      [unit({ hardState: { currentTerm: 4, votedFor: 'b' } }), { currentTerm: 4, votedFor: 'b' }],
      [
        unit({ hardState: { currentTerm: Number.MAX_SAFE_INTEGER, votedFor: undefined } }),
        { currentTerm: Number.MAX_SAFE_INTEGER, votedFor: undefined },
      ],
      [unit({}), {}],
    ])
  },

  async 'entries of every kind are recovered as persisted'(device) {
    const joint: Configuration = {
      ...voters('a', 'é🚢', 'c'),
      oldVoters: ['a', 'gone'],
      namesGiven: 9,
      expelled: ['x'],
    }
    const learner: Configuration = { ...voters('a', 'b'), voters: ['a'], namesGiven: 2 }
    const entries = [
      configuration(1, 1, voters('a')),
      noop(2, 1),
      command(3, 1, patterned(100, 1)),
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
  },

  async 'a command that is a view of a larger buffer is kept as itself'(device) {
    const frame = patterned(10_000, 3)
    const [one, two] = [frame.subarray(100, 150), frame.subarray(9_990)]
    const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
    await a.persist(unit({ entries: [command(1, 1, one), command(2, 1, two)] }))
    const { entries } = (await device.takeOver('room', 'a')).recovered.state
    expectEqual(entries, [command(1, 1, one.slice()), command(2, 1, two.slice())], 'the bytes of the views')
  },

  async 'truncating and appending in one unit replaces the tail'(device) {
    const before = commands(1, 10, 1)
    const tail = commands(6, 8, 2)
    await expectKept(device, [
      [unit({ entries: before }), { entries: before }],
      [unit({ truncateFrom: 6, entries: tail }), { entries: [...before.slice(0, 5), ...tail] }],
      [unit({ truncateFrom: 8 }), { entries: [...before.slice(0, 5), ...tail.slice(0, 2)] }],
      [unit({ truncateFrom: 1, entries: commands(1, 1, 3) }), { entries: commands(1, 1, 3) }],
    ])
  },

  async 'a snapshot replaces the log up to its index, and the log goes on after it'(device) {
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
  },

  async 'a snapshot from a leader may lie beyond the log, and may replace all of it'(device) {
    const beyond = snapshot(100, 4, 500)
    const later = snapshot(200, 5, 500)
    await expectKept(device, [
      [unit({ entries: commands(1, 5, 1) }), { entries: commands(1, 5, 1) }],
      [unit({ snapshot: beyond, truncateFrom: 1 }), { snapshot: beyond, entries: [] }],
      [unit({ entries: commands(101, 110, 4) }), { entries: commands(101, 110, 4) }],
      [unit({ snapshot: later, entries: commands(201, 202, 5) }), { snapshot: later, entries: commands(201, 202, 5) }],
    ])
  },

  async 'a unit with every field is applied in the order of the fields'(device) {
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
  },

  async 'a large unit is kept whole: 1,000 entries and a snapshot of 1 MB'(device) {
    const large = unit({ snapshot: snapshot(50, 3, 1 << 20), entries: commands(51, 1_050, 3, 200) })
    await expectKept(device, [[large, { snapshot: large.snapshot, entries: large.entries }]])
  },

  async 'what was noted to be committed is recovered, by whoever has a place for it'(device) {
    const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
    if (a.noteCommitted === undefined) return
    await a.persist(unit({ token: 1, entries: commands(1, 5, 1) }))
    await a.noteCommitted(3)
    await a.noteCommitted(4)
    const { state } = (await device.takeOver('room', 'a')).recovered
    expectEqual(state.commitIndex, 4, 'the latest note')
    expectEqual(state.entries, commands(1, 5, 1), 'and the log as it was')
  },

  async 'units under way at once become durable in the order of the calls'(device) {
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
  },
}

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
