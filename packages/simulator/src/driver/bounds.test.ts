import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Random } from '../ground/random.ts'
import { catchUpBoundMs, electionBoundMs, recoveryBoundMs } from './bounds.ts'
import { drawMix } from './kinds-of-days.ts'

const mixes = fc.nat(1_000_000).map(seed => drawMix(new Random(seed, 'mix')))
const backlogs = fc.record({ nodes: fc.integer({ min: 1, max: 10 }), entries: fc.nat(500), snapshotBytes: fc.nat(100) })

test('every cluster is given ten of the longest election timeouts, and a finite time', () => {
  fc.assert(
    fc.property(mixes, backlogs, (mix, backlog) => {
      const bound = recoveryBoundMs(mix, backlog)
      expect(bound).toBeGreaterThanOrEqual(20 * mix.electionTimeoutMs)
      expect(Number.isFinite(bound)).toBe(true)
    }),
  )
})

test('more nodes, entries or bytes never get less time', () => {
  fc.assert(
    fc.property(mixes, backlogs, backlogs, (mix, a, b) => {
      const both = {
        nodes: Math.max(a.nodes, b.nodes),
        entries: Math.max(a.entries, b.entries),
        snapshotBytes: Math.max(a.snapshotBytes, b.snapshotBytes),
      }
      expect(recoveryBoundMs(mix, both)).toBeGreaterThanOrEqual(recoveryBoundMs(mix, a))
    }),
  )
})

test('a snapshot in chunks of one byte gets a round trip for each', () => {
  fc.assert(
    fc.property(mixes, fc.nat(100), (mix, snapshotBytes) => {
      const inBytes = { ...mix, raftOptions: { ...mix.raftOptions, snapshotChunkBytes: 1 } }
      const one = catchUpBoundMs(inBytes, { nodes: 3, entries: 0, snapshotBytes: 1 })
      expect(catchUpBoundMs(inBytes, { nodes: 3, entries: 0, snapshotBytes })).toBeCloseTo(snapshotBytes * one)
    }),
  )
})

test('so many attempts at an election fail in a row less than once in a thousand million times', () => {
  fc.assert(
    fc.property(mixes, fc.integer({ min: 2, max: 10 }), (mix, nodes) => {
      const attempts = electionBoundMs(mix, nodes) / (2 * mix.electionTimeoutMs)
      const { network, disk } = mix
      const roundTrip = 2 * (network.leastMs + 0.2 * network.typicalMs + disk.leastMs)
      const campaign = mix.raftOptions.preVote ? 2 * roundTrip : roundTrip
      const collides = Math.min(0.75, (2 * campaign) / mix.electionTimeoutMs)
      const fails = 1 - (1 - collides) ** (nodes - 1)
      expect(fails ** attempts).toBeLessThanOrEqual(1.01e-9)
    }),
  )
})
