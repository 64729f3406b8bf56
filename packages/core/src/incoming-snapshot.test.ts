import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IncomingSnapshot } from './incoming-snapshot.ts'
import { initialConfiguration } from './membership.ts'
import type { InstallSnapshot } from './messages.ts'
import { defaultOptions } from './options.ts'

const TOTAL = 60
const state = Uint8Array.from({ length: TOTAL }, (_, i) => i + 1)

const first: InstallSnapshot = {
  type: 'InstallSnapshot',
  from: 'S1',
  to: 'S2',
  term: 3,
  lastIncludedIndex: 9,
  lastIncludedTerm: 2,
  configuration: initialConfiguration(['S1', 'S2']),
  offset: 0,
  data: new Uint8Array(0),
  totalBytes: TOTAL,
  round: 1,
}

const incoming = (options = {}): IncomingSnapshot => new IncomingSnapshot(first, { ...defaultOptions, ...options })

/** Any pieces of the state, as often and in whatever order: overlapping, with holes, empty ones among them. */
const pieces = fc.array(
  fc.tuple(fc.nat(TOTAL), fc.nat(20)).map(([from, length]) => ({ from, to: Math.min(TOTAL, from + length) })),
  { maxLength: 60 },
)

describe('a snapshot that comes in', () => {
  it('is never made of anything but its bytes in their places, however its chunks overlap and overtake each other', () => {
    fc.assert(
      fc.property(pieces, fc.nat(20), (given, ahead) => {
        const snapshot = incoming({ maxInflightMessages: 1 + ahead })
        for (const { from, to } of given) {
          if (snapshot.isComplete) break
          snapshot.add(from, state.slice(from, to))
          expect(snapshot.receivedBytes).toBeLessThanOrEqual(TOTAL)
        }
        // Whoever sends on from where it is asked to gets to the end, whatever came before.
        while (!snapshot.isComplete) {
          const from = snapshot.receivedBytes
          snapshot.add(from, state.slice(from, from + 7))
          expect(snapshot.receivedBytes).toBeGreaterThan(from)
        }
        expect(snapshot.data()).toEqual(state)
      }),
    )
  })

  it('that never ends keeps no more than a window of what overtook', () => {
    const snapshot = incoming({ maxInflightMessages: 3, maxInflightBytes: 30 })
    for (let offset = TOTAL - 2; offset > 0; offset -= 2) snapshot.add(offset, state.slice(offset, offset + 2))
    snapshot.add(0, state.slice(0, 2))
    // Of what came first, those that were near enough were kept, and no more than three; they do not join the beginning.
    expect(snapshot.receivedBytes).toBe(2)
    expect(snapshot.isComplete).toBe(false)
  })

  it('has no part in another one: of a later term, another index or another length', () => {
    const snapshot = incoming()
    expect(snapshot.includes(first)).toBe(true)
    for (const other of [{ term: 4 }, { lastIncludedIndex: 10 }, { totalBytes: TOTAL + 1 }])
      expect(snapshot.includes({ ...first, ...other })).toBe(false)
  })
})
