import { emptyState, Raft } from '@flotilla/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Random } from '../ground/random.ts'
import { drawMix } from './kinds-of-days.ts'
import { faultKinds, type Mix } from './swarm.ts'

const seeds = fc.nat(10_000_000)
const mixOf = (seed: number): Mix => drawMix(new Random(seed, 'mix'))
const many = Array.from({ length: 500 }, (_, seed) => mixOf(seed))

describe('what kind of day a seed stands for', () => {
  test('is the same each time', () => {
    fc.assert(
      fc.property(seeds, seed => {
        expect(mixOf(seed)).toEqual(mixOf(seed))
      }),
    )
  })

  test('is always one that core accepts', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const { raftOptions } = mixOf(seed)
        expect(
          () => new Raft({ id: 'n1', now: 0, random: () => 0, recovered: emptyState, options: raftOptions }),
        ).not.toThrow()
      }),
    )
  })

  test('has at least one voter, probabilities that are some, and an end', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const mix = mixOf(seed)
        expect(mix.voters).toBeGreaterThanOrEqual(1)
        expect(Number.isFinite(mix.faultsMs)).toBe(true)
        const { loss, duplication, replay } = mix.network
        for (const probability of [
          loss,
          duplication,
          replay,
          mix.reads,
          mix.burst,
          mix.batching,
          mix.disk.deletionStalls,
        ]) {
          expect(probability).toBeGreaterThanOrEqual(0)
          expect(probability).toBeLessThan(1)
        }
        for (const kind of faultKinds) expect(mix.faultWeights[kind]).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('never has clocks that jump where leases count on them', () => {
    const leases = many.filter(({ raftOptions }) => raftOptions.leaseReads)
    expect(leases.length).toBeGreaterThan(0)
    for (const { raftOptions, faultWeights } of leases) {
      expect(faultWeights.jump).toBe(0)
      expect(raftOptions.clock).toBe('bounded-drift')
    }
  })

  test('has each kind of fault on some days and lacks it on others', () => {
    for (const kind of faultKinds) {
      const days = many.filter(({ faultWeights }) => faultWeights[kind] > 0).length
      expect(days, kind).toBeGreaterThan(many.length / 5)
      expect(days, kind).toBeLessThan((many.length * 4) / 5)
    }
  })
})
