import type { Entry, PersistUnit } from '@flotilla/core'
import { initialConfiguration } from '@flotilla/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Disk } from './disk.ts'

const configuration = initialConfiguration(['a', 'b', 'c'])
const entry = (index: number, term: number): Entry => ({
  index,
  term,
  kind: 'command',
  data: new Uint8Array([index, term, 7]),
})

/** What a node could hand out: each unit follows what is left by the one before. */
const unitsArbitrary = fc
  .array(fc.record({ term: fc.boolean(), cut: fc.nat(3), entries: fc.nat(3), compact: fc.boolean() }), {
    maxLength: 12,
  })
  .map(steps => {
    const units: PersistUnit[] = []
    let currentTerm = 1
    let base = 0
    let last = 0
    for (const step of steps) {
      if (step.term) currentTerm += 1
      const truncateFrom = step.cut > 0 && last - step.cut >= base ? last - step.cut + 1 : 0
      if (truncateFrom > 0) last = truncateFrom - 1
      const snapshot =
        step.compact && last > base
          ? { index: last, term: currentTerm, configuration, data: new Uint8Array([last]) }
          : undefined
      if (snapshot !== undefined) base = last
      const entries = Array.from({ length: step.entries }, (_, i) => entry(last + 1 + i, currentTerm))
      last += entries.length
      const hardState = step.term ? { currentTerm, votedFor: 'a' } : undefined
      units.push({ token: units.length + 1, hardState, snapshot, truncateFrom, entries })
    }
    return units
  })

function written(units: readonly PersistUnit[]): Disk {
  const disk = new Disk()
  disk.open()
  for (const unit of units) disk.begin(unit)
  while (disk.flush() !== undefined);
  return disk
}

describe('a disk', () => {
  test('after a crash is what some prefix of the units under way makes of it', () => {
    fc.assert(
      fc.property(unitsArbitrary, fc.nat(12), (units, kept) => {
        const disk = new Disk()
        for (const unit of units) disk.begin(unit)
        for (let i = 0; i < kept; i++) disk.flush()
        disk.losePending()
        expect(disk.recover()).toEqual(written(units.slice(0, kept)).recover())
        expect(disk.pending).toEqual([])
      }),
    )
  })

  test('holds a log without gaps after its snapshot', () => {
    fc.assert(
      fc.property(unitsArbitrary, units => {
        const disk = written(units)
        const { snapshot, entries } = disk.recover()
        const base = snapshot?.index ?? 0
        expect(entries.map(({ index }) => index)).toEqual(entries.map((_, i) => base + 1 + i))
        expect(disk.lastIndex).toBe(base + entries.length)
      }),
    )
  })

  test('that fails takes nothing; once repaired, what it took before is there', () => {
    const disk = written([
      { token: 1, hardState: undefined, snapshot: undefined, truncateFrom: 0, entries: [entry(1, 1)] },
    ])
    disk.begin({ token: 2, hardState: undefined, snapshot: undefined, truncateFrom: 0, entries: [entry(2, 1)] })
    disk.fails = true
    expect(disk.refuses(1)).toBe('failed')
    disk.losePending()
    disk.fails = false
    expect(disk.recover().entries).toEqual([entry(1, 1)])
  })

  test('that is full never holds more entries than fit, and still takes a term and a vote', () => {
    fc.assert(
      fc.property(unitsArbitrary, fc.nat(8), (units, room) => {
        const disk = new Disk()
        disk.room = room
        const epoch = disk.open()
        for (const unit of units) {
          disk.begin(unit)
          if (disk.refuses(epoch) === undefined) disk.flush()
          else {
            expect(unit.entries.length).toBeGreaterThan(0)
            return
          }
          expect(disk.entries.length).toBeLessThanOrEqual(room)
        }
      }),
    )
  })

  test('refuses whoever opened it before somebody else did', () => {
    const disk = written([])
    const first = disk.open()
    const second = disk.open()
    disk.begin({ token: 1, hardState: undefined, snapshot: undefined, truncateFrom: 0, entries: [] })
    expect(disk.refuses(first)).toBe('fenced')
    expect(disk.refuses(second)).toBeUndefined()
  })

  test('that was put back is what it was, and fences whoever opened it since', () => {
    fc.assert(
      fc.property(unitsArbitrary, unitsArbitrary, (before, after) => {
        const disk = written(before)
        const image = disk.image()
        const was = disk.recover()
        const epoch = disk.open()
        for (const unit of after) disk.begin(unit)
        while (disk.flush() !== undefined);
        disk.putBack(image)
        expect(disk.recover()).toEqual(was)
        disk.begin({ token: 1, hardState: undefined, snapshot: undefined, truncateFrom: 0, entries: [] })
        expect(disk.refuses(epoch)).toBe('fenced')
      }),
    )
  })

  test('that was put back breaks no promise only where term, vote and the end of the log are as they were', () => {
    fc.assert(
      fc.property(unitsArbitrary, fc.nat(12), (units, at) => {
        const disk = written(units)
        const then = written(units.slice(0, at))
        const [now, past] = [disk.recover(), then.recover()]
        const lasts = (state: typeof now): unknown => [
          state.currentTerm,
          state.votedFor,
          (state.snapshot?.index ?? 0) + state.entries.length,
          state.entries.at(-1)?.term ?? state.snapshot?.term ?? 0,
        ]
        const isSame = JSON.stringify(lasts(now)) === JSON.stringify(lasts(past))
        disk.putBack(then.image())
        expect(disk.isOlder).toBe(!isSame)
      }),
    )
  })

  test('never passes for what was written when any one bit of it has flipped', () => {
    fc.assert(
      fc.property(unitsArbitrary, fc.nat(20), fc.nat(5000), (units, record, bit) => {
        const disk = written(units)
        const before = disk.recover()
        disk.flip(record, bit)
        expect(disk.recover()).not.toEqual(before)
        expect(disk.isSound).toBe(false)
        disk.flip(record, bit)
        expect(disk.isSound).toBe(true)
      }),
    )
  })

  test('is sound again when what had flipped is written over', () => {
    const unit = {
      token: 1,
      hardState: undefined,
      snapshot: undefined,
      truncateFrom: 0,
      entries: [entry(1, 1), entry(2, 1)],
    }
    const disk = written([unit])
    disk.flip(1, 9)
    expect(disk.isSound).toBe(false)
    disk.begin({ ...unit, token: 2, truncateFrom: 2, entries: [entry(2, 2)] })
    disk.flush()
    expect(disk.isSound).toBe(true)
  })

  test('flips bits on itself, not in the memory of whoever wrote them', () => {
    const mine = entry(1, 1)
    const disk = written([{ token: 1, hardState: undefined, snapshot: undefined, truncateFrom: 0, entries: [mine] }])
    disk.flip(0, 3)
    expect(mine).toEqual(entry(1, 1))
  })
})
