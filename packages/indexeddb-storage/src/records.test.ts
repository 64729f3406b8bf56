import { StorageError } from '@flotilla/cluster'
import type { PersistUnit } from '@flotilla/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HARD_STATE, readIdentity, readOwnerEpoch, readState, SNAPSHOT, unitRecords } from './records.ts'

const id = fc.string({ maxLength: 8 })
const configuration = fc.record({
  members: fc.array(fc.record({ id, name: id })),
  voters: fc.array(id),
  oldVoters: fc.array(id),
  namesGiven: fc.nat(),
  expelled: fc.array(fc.string(), { maxLength: 3 }),
})
const payload = fc.oneof(
  fc.record({ kind: fc.constant('command' as const), data: fc.uint8Array() }),
  fc.constant({ kind: 'noop' as const, data: null }),
  fc.record({ kind: fc.constant('configuration' as const), data: configuration }),
)

/** The first unit of an empty database: a snapshot, and a log that follows it. */
const firstUnit: fc.Arbitrary<PersistUnit> = fc
  .record({
    currentTerm: fc.maxSafeNat(),
    votedFor: fc.option(id, { nil: undefined }),
    base: fc.integer({ min: 1, max: 2 ** 40 }),
    payloads: fc.array(payload),
    configuration,
    data: fc.uint8Array(),
  })
  .map(({ currentTerm, votedFor, base, payloads, configuration, data }) => ({
    token: 1,
    hardState: { currentTerm, votedFor },
    snapshot: { index: base, term: 1, configuration, data },
    truncateFrom: 0,
    entries: payloads.map((each, i) => ({ index: base + 1 + i, term: 1 + (i >> 1), ...each })),
  }))

/** As a database gives it back: cloned, entries in the order of their keys. */
function stored(unit: PersistUnit) {
  const records = new Map(structuredClone(unitRecords(unit)))
  const entries = [...records].filter(([key]) => typeof key === 'number').map(([, value]) => value)
  return { hardState: records.get(HARD_STATE), snapshot: records.get(SNAPSHOT), entries }
}

describe('what is written is what is read', () => {
  it('for every unit', () => {
    fc.assert(
      fc.property(firstUnit, unit => {
        const { hardState, snapshot, entries } = stored(unit)
        const read = readState(hardState, snapshot, entries, undefined)
        expect(read).toEqual({ ...unit.hardState, snapshot: unit.snapshot, entries: unit.entries })
      }),
    )
  })

  it('for an empty database', () => {
    const empty = { currentTerm: 0, votedFor: undefined, snapshot: undefined, entries: [] }
    expect(readState(undefined, undefined, [], undefined)).toEqual(empty)
    expect(readState(undefined, undefined, [], { index: 3 })).toEqual({ ...empty, commitIndex: 3 })
    expect(() => readState(undefined, undefined, [], { index: -1 })).toThrow(
      expect.objectContaining({ kind: 'Corrupt' }),
    )
  })
})

it('a command that is a view does not take the buffer under it along', () => {
  const data = new Uint8Array(1 << 20).subarray(10, 20)
  const entries = [{ index: 1, term: 1, kind: 'command', data } as const]
  const [record] = stored({ token: 1, hardState: undefined, snapshot: undefined, truncateFrom: 0, entries }).entries
  const kept = readState(undefined, undefined, [record], undefined).entries[0]?.data
  expect(kept instanceof Uint8Array && kept.buffer.byteLength).toBe(10)
})

describe('what we cannot have written is corrupt', () => {
  const entry = (index: number, term: number) => ({ index, term, kind: 'noop', data: null })
  const noOne = { members: [], voters: [], oldVoters: [], namesGiven: 0, expelled: [] }
  const snapshot = { index: 5, term: 2, configuration: noOne, data: new Uint8Array(1) }
  const vote = { currentTerm: 2, votedFor: undefined }

  it.each([
    ['a log that does not begin at 1', vote, undefined, [entry(2, 1)]],
    ['a gap in the log', vote, undefined, [entry(1, 1), entry(3, 1)]],
    ['an entry twice', vote, undefined, [entry(1, 1), entry(1, 1)]],
    ['a term that descends', vote, undefined, [entry(1, 2), entry(2, 1)]],
    ['a gap after the snapshot', vote, snapshot, [entry(7, 2)]],
    ['an entry under the snapshot', vote, snapshot, [entry(5, 2)]],
    ['a term that descends from the snapshot', vote, snapshot, [entry(6, 1)]],
    ['an unknown kind of entry', vote, undefined, [{ ...entry(1, 1), kind: 'toString' }]],
    ['a kind of entry that cannot be shown', vote, undefined, [{ ...entry(1, 1), kind: { toString: null } }]],
    ['a command without bytes', vote, undefined, [{ ...entry(1, 1), kind: 'command' }]],
    ['a command whose bytes are a list', vote, undefined, [{ ...entry(1, 1), kind: 'command', data: [1] }]],
    ['a configuration without members', vote, undefined, [{ ...entry(1, 1), kind: 'configuration', data: {} }]],
    ['a fraction for an index', vote, undefined, [entry(1.5, 1)]],
    ['a negative term', vote, undefined, [entry(1, -1)]],
    ['an entry that is none', vote, undefined, [null]],
    ['an entry that is a list', vote, undefined, [[]]],
    ['a term that is no number', { ...vote, currentTerm: '2' }, undefined, []],
    ['a term past what numbers can count', { ...vote, currentTerm: 2 ** 53 }, undefined, []],
    ['a vote for a number', { ...vote, votedFor: 3 }, undefined, []],
    ['a hard state that is none', 7, undefined, []],
    ['a snapshot at 0', vote, { ...snapshot, index: 0 }, []],
    ['a snapshot without bytes', vote, { ...snapshot, data: 'x' }, []],
    ['a snapshot without configuration', vote, { ...snapshot, configuration: null }, []],
    ['a member without a name', vote, { ...snapshot, configuration: { ...noOne, members: [{ id: 'a' }] } }, []],
    ['voters that are no list', vote, { ...snapshot, configuration: { ...noOne, voters: 'abc' } }, []],
    ['a voter that is no text', vote, { ...snapshot, configuration: { ...noOne, voters: [1] } }, []],
  ])('%s', (_, hardState, found, entries) => {
    expect(() => readState(hardState, found, entries, undefined)).toThrow(expect.objectContaining({ kind: 'Corrupt' }))
  })

  it.each([
    [undefined],
    ['a'],
    [{ nodeId: 'b', clusterId: undefined, created: 0 }],
    [{ nodeId: 'a', clusterId: 'short', created: 0 }],
    [{ nodeId: 'a', clusterId: 'X'.repeat(32), created: 0 }],
    [{ nodeId: 'a', clusterId: undefined, created: -1 }],
  ])('the identity %j for node a', found => {
    expect(() => readIdentity(found, 'a')).toThrow(StorageError)
  })

  it.each([undefined, -1, '1', Number.NaN])('the ownerEpoch %j', found => {
    expect(() => readOwnerEpoch(found)).toThrow(StorageError)
  })

  it('any value at all is read or called corrupt, and nothing else is thrown', () => {
    const calledCorrupt = (read: () => unknown): void => {
      try {
        read()
      } catch (error) {
        expect(error).toMatchObject({ kind: 'Corrupt' })
      }
    }
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.array(fc.anything()), (hardState, snapshot, entries) => {
        calledCorrupt(() => readState(hardState, undefined, [], undefined))
        calledCorrupt(() => readState(undefined, snapshot, [], undefined))
        calledCorrupt(() => readState(undefined, undefined, entries, undefined))
        calledCorrupt(() => readIdentity(hardState, 'a'))
      }),
    )
  })
})
