import { type Entry, emptyConfiguration, emptyState, type PersistUnit, type RecoveredState } from '@flotilla/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GroupCommit, mergeUnits } from './group-commit.ts'

/** The contract's order, spelled out: hard state, snapshot, truncation, entries. */
function apply(state: RecoveredState, unit: PersistUnit): RecoveredState {
  const { currentTerm, votedFor } = unit.hardState ?? state
  const snapshot = unit.snapshot ?? state.snapshot
  const end = unit.truncateFrom > 0 ? unit.truncateFrom : Number.POSITIVE_INFINITY
  const kept = state.entries.filter(({ index }) => index > (snapshot?.index ?? 0) && index < end)
  return { currentTerm, votedFor, snapshot, entries: [...kept, ...unit.entries] }
}

const entry = (index: number, term: number): Entry => ({ index, term, kind: 'noop', data: null })

interface Move {
  readonly truncate: number
  readonly append: number
  readonly snapshot: boolean
  readonly vote: boolean
}

/** Units as a core would issue them: each fits what the ones before it made of the log. */
function unitsOf(moves: readonly Move[]): PersistUnit[] {
  let state: RecoveredState = emptyState
  return moves.map((move, i) => {
    const term = i + 1
    const base = state.snapshot?.index ?? 0
    const last = base + state.entries.length
    const snapshotIndex = move.snapshot ? base + Math.ceil(state.entries.length / 2) : base
    const truncateFrom = move.truncate > 0 ? Math.max(snapshotIndex + 1, last + 1 - move.truncate) : 0
    const start = truncateFrom > 0 ? truncateFrom : last + 1
    const unit: PersistUnit = {
      token: term,
      hardState: move.vote ? { currentTerm: term, votedFor: `n${term}` } : undefined,
      snapshot:
        snapshotIndex > base
          ? { index: snapshotIndex, term, configuration: emptyConfiguration, data: new Uint8Array() }
          : undefined,
      truncateFrom,
      entries: Array.from({ length: move.append }, (_, k) => entry(start + k, term)),
    }
    state = apply(state, unit)
    return unit
  })
}

const moves = fc.array(
  fc.record({
    truncate: fc.integer({ min: 0, max: 4 }),
    append: fc.integer({ min: 0, max: 4 }),
    snapshot: fc.boolean(),
    vote: fc.boolean(),
  }),
  { maxLength: 12 },
)

describe('merging units', () => {
  it('leaves the disk as writing them one after the other would, however they are grouped', () => {
    fc.assert(
      fc.property(moves, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (drawn, joins) => {
        const units = unitsOf(drawn)
        const groups: [PersistUnit, ...PersistUnit[]][] = []
        for (const [i, unit] of units.entries()) {
          const before = joins[i] === true ? groups.at(-1) : undefined
          if (before === undefined) groups.push([unit])
          else before.push(unit)
        }
        const merged = groups.map(([first, ...rest]) => mergeUnits(first, rest))
        expect(merged.reduce(apply, emptyState)).toEqual(units.reduce(apply, emptyState))
      }),
    )
  })
})

describe('what waits for a standing disk', () => {
  // Each unit that came was merged with all before it: 15,000 of them took seconds.
  it('is looked at once, however many units it comes in', () => {
    let looks = 0
    const counted = (index: number): Entry => {
      const counting: Entry = {
        get index() {
          looks++
          return index
        },
        term: 1,
        kind: 'noop',
        data: null,
      }
      return counting
    }
    const unit = (index: number): PersistUnit => ({
      token: index,
      hardState: undefined,
      snapshot: undefined,
      truncateFrom: 0,
      entries: [counted(index)],
    })
    const group = new GroupCommit(
      () => new Promise(() => {}),
      () => {},
      () => {},
    )
    const many = Array.from({ length: 2_000 }, (_, i) => unit(i + 1))
    for (const each of many) group.push(each)
    const [first, ...rest] = many
    expect(first === undefined ? 0 : mergeUnits(first, rest).entries.length).toBe(2_000)
    expect(looks).toBeLessThanOrEqual(2 * 2_000)
  })
})

describe('group commit', () => {
  it('writes at once while the disk is free, and together what comes while it is busy', async () => {
    const written: PersistUnit[] = []
    const finish: (() => void)[] = []
    const durable: number[] = []
    const group = new GroupCommit(
      unit => {
        written.push(unit)
        return new Promise(resolve => finish.push(resolve))
      },
      token => durable.push(token),
      error => {
        throw error
      },
    )
    const units = unitsOf(Array.from({ length: 6 }, () => ({ truncate: 0, append: 1, snapshot: false, vote: false })))
    for (const unit of units) group.push(unit)
    expect(written.map(({ token }) => token)).toEqual([1, 2])
    finish[0]?.()
    await Promise.resolve()
    expect(durable).toEqual([1])
    expect(written.map(({ entries }) => entries.length)).toEqual([1, 1, 4])
    finish[1]?.()
    finish[2]?.()
    await Promise.resolve()
    expect(durable).toEqual([1, 2, 6])
  })
})
