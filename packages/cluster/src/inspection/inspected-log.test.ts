import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StorageError } from '../storage.ts'
import { type InspectedEntry, inspectedEntry, inspectLog } from './inspected-log.ts'

const entry = (index: number, term = 1): InspectedEntry => ({
  index,
  entry: { index, term, kind: 'noop', data: null },
  error: undefined,
})

const told = ({ problems }: ReturnType<typeof inspectLog>): readonly string[] => problems.map(({ message }) => message)

describe('a log on a disk', () => {
  it('is sound where it goes on from its snapshot to its end, with terms that never descend', () => {
    expect(inspectLog([entry(4, 1), entry(5, 3)], { after: 3, upTo: 5 })).toEqual({ gaps: [], problems: [] })
    expect(inspectLog([], { after: 7, upTo: 7 })).toEqual({ gaps: [], problems: [] })
  })

  it('lacks what is between two entries, before the first, and behind the last', () => {
    const { gaps } = inspectLog([entry(3), entry(6)], { after: 1, upTo: 8 })
    expect(gaps).toEqual([
      { from: 2, to: 2 },
      { from: 4, to: 5 },
      { from: 7, to: 8 },
    ])
  })

  it('may begin anywhere where the snapshot cannot be read', () => {
    expect(inspectLog([entry(40)], { after: undefined, upTo: 0 })).toEqual({ gaps: [], problems: [] })
  })

  it('names terms that descend, and every damaged entry beside the sound ones', () => {
    const broken = inspectedEntry(
      2,
      () => {
        throw new StorageError('Corrupt', 'entry 2 is not what was written')
      },
      cause => (cause instanceof StorageError ? cause : new StorageError('Unavailable', String(cause))),
    )
    const log = inspectLog([entry(1, 5), broken, entry(3, 4)], { after: 0, upTo: 3 })
    expect(told(log)).toEqual(['entry 2 is not what was written', 'on disk, the term descends from 5 to 4 at entry 3'])
  })

  it('has each index between its bounds in its entries or in one gap', () => {
    const indexes = fc.uniqueArray(fc.integer({ min: 1, max: 60 }))
    fc.assert(
      fc.property(indexes, fc.integer({ min: 1, max: 60 }), (found, upTo) => {
        const there = found.toSorted((a, b) => a - b)
        const { gaps } = inspectLog(
          there.map(index => entry(index)),
          { after: 0, upTo },
        )
        const missing = gaps.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i))
        const end = Math.max(upTo, there.at(-1) ?? 0)
        const all = [...there, ...missing].sort((a, b) => a - b)
        expect(all).toEqual(Array.from({ length: end }, (_, i) => i + 1))
      }),
    )
  })
})
