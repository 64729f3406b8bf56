import { StorageError } from '@flotilla/cluster'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COMMIT_INDEX, HARD_STATE, OWNER_EPOCH } from './records.ts'
import { sealed, unsealed, unsealedEntry } from './sealed.ts'

const command = (data: Uint8Array) => ({ index: 3, term: 2, kind: 'command', data })
const stored = (key: IDBValidKey, record: unknown): unknown => structuredClone(sealed([key, record])[1])
const isCorrupt = expect.objectContaining({ kind: 'Corrupt' })

describe('a sealed record', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.uint8Array(), data => {
        expect(unsealedEntry(stored(3, command(data)))).toEqual(command(data))
      }),
    )
    const vote = { currentTerm: 4, votedFor: undefined }
    expect(unsealed(HARD_STATE, stored(HARD_STATE, vote))).toEqual(vote)
    expect(unsealed(HARD_STATE, undefined)).toBeUndefined()
  })

  it('is corrupt when any one bit of a command has flipped, though it is a command still', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), (data, place) => {
        const record = stored(3, command(data))
        const flipped = Object(record).data
        flipped[place % flipped.length] ^= 1 << (place & 7)
        expect(() => unsealedEntry(record)).toThrow(StorageError)
      }),
    )
  })

  it.each([
    ['another term', { ...Object(stored(3, command(new Uint8Array(1)))), term: 3 }],
    ['another index', { ...Object(stored(3, command(new Uint8Array(1)))), index: 4 }],
    ['no checksum', command(new Uint8Array(1))],
    ['no record', 7],
    ['nothing', null],
  ])('is corrupt with %s', (_, record) => {
    expect(() => unsealedEntry(record)).toThrow(isCorrupt)
  })

  it('is corrupt in another record’s place', () => {
    expect(() => unsealed(4, stored(3, command(new Uint8Array(1))))).toThrow(isCorrupt)
    expect(() => unsealed(HARD_STATE, stored(COMMIT_INDEX, { index: 1 }))).toThrow(isCorrupt)
  })
})

it('the ownerEpoch is no record: it is compared, and never trusted', () => {
  expect(sealed([OWNER_EPOCH, 3])).toEqual([OWNER_EPOCH, 3])
})
