import type { Message } from '@flotilla/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Random } from '../ground/random.ts'
import type { Envelope } from './action.ts'
import { Network, type NetworkConditions } from './network.ts'

const quiet = { leastMs: 1, typicalMs: 5, loss: 0, duplication: 0, replay: 0, replayWithinMs: 6000, ordered: false }
const message: Message = { type: 'TimeoutNow', from: 'n1', to: 'n2', term: 1 }
const envelope = (number: number, from = 0, to = 1): Envelope => ({ number, from, to, message, bytes: undefined })

function networkOf(
  seed: number,
  conditions: Partial<NetworkConditions>,
): { network: Network; arrived: [number, number][] } {
  const arrived: [number, number][] = []
  const network = new Network(new Random(seed, 'network'), { ...quiet, ...conditions }, ({ number }, at) =>
    arrived.push([number, at]),
  )
  return { network, arrived }
}

const count = 200
const seeds = fc.nat(100_000)

describe('a network', () => {
  test('that loses and repeats nothing delivers each message once, and none before its time', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const { network, arrived } = networkOf(seed, {})
        for (let i = 0; i < count; i++) network.carry(envelope(i), i)
        expect(arrived.map(([number]) => number).sort((a, b) => a - b)).toEqual(
          Array.from({ length: count }, (_, i) => i),
        )
        for (const [number, at] of arrived) expect(at).toBeGreaterThanOrEqual(number + quiet.leastMs)
      }),
    )
  })

  test('with ordered links lets nothing overtake in one direction; without, something does', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const times = (ordered: boolean): number[] => {
          const { network, arrived } = networkOf(seed, { ordered, duplication: 0.2 })
          for (let i = 0; i < count; i++) network.carry(envelope(i), i / 10)
          return arrived.map(([, at]) => at)
        }
        const isSorted = (list: readonly number[]): boolean =>
          list.every((at, i) => i === 0 || at >= (list[i - 1] ?? 0))
        expect(isSorted(times(true))).toBe(true)
        expect(isSorted(times(false))).toBe(false)
      }),
    )
  })

  test('loses and repeats about as often as it is told to', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(0.05, 0.2, 0.5), (seed, probability) => {
        const lossy = networkOf(seed, { loss: probability })
        const doubling = networkOf(seed, { duplication: probability })
        for (let i = 0; i < 2000; i++) {
          lossy.network.carry(envelope(i), i)
          doubling.network.carry(envelope(i), i)
        }
        // Six standard deviations.
        const spread = 6 * Math.sqrt(2000 * probability * (1 - probability))
        expect(Math.abs(lossy.arrived.length - 2000 * (1 - probability))).toBeLessThan(spread)
        expect(Math.abs(doubling.arrived.length - 2000 * (1 + probability))).toBeLessThan(spread)
      }),
    )
  })

  test('cuts one direction of one link and no other, until it is healed', () => {
    fc.assert(
      fc.property(seeds, fc.nat(3), fc.nat(3), (seed, from, to) => {
        const { network, arrived } = networkOf(seed, {})
        network.cut(from, to)
        for (let a = 0; a < 4; a++) for (let b = 0; b < 4; b++) network.carry(envelope(10 * a + b, a, b), 0)
        const numbers = arrived.map(([number]) => number)
        expect(numbers).toHaveLength(15)
        expect(numbers).not.toContain(10 * from + to)
        network.heal()
        network.carry(envelope(99, from, to), 0)
        expect(arrived.at(-1)?.[0]).toBe(99)
      }),
    )
  })

  test('delivers nothing over a clogged link before it is free', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const { network, arrived } = networkOf(seed, { duplication: 0.3 })
        network.clog(0, 1, 500)
        for (let i = 0; i < count; i++) network.carry(envelope(i), i)
        for (const [, at] of arrived) expect(at).toBeGreaterThanOrEqual(500)
      }),
    )
  })

  test('loses one type of message only, for as long as it is told to', () => {
    const { network, arrived } = networkOf(1, {})
    network.lost = 'TimeoutNow'
    network.carry(envelope(1), 0)
    network.carry({ ...envelope(2), message: { type: 'ReadIndex', from: 'n1', to: 'n2', term: 1, context: 1 } }, 0)
    network.lost = undefined
    network.carry(envelope(3), 0)
    expect(arrived.map(([number]) => number)).toEqual([2, 3])
  })

  test('that has become calm loses, repeats and delays nothing, whatever it did before', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const { network, arrived } = networkOf(seed, { loss: 0.5, duplication: 0.5, replay: 0.5 })
        network.cut(0, 1)
        network.clog(0, 1, 1e6)
        network.lost = 'TimeoutNow'
        network.becomeCalm(new Random(seed, 'calm'))
        for (let i = 0; i < count; i++) network.carry(envelope(i), 0)
        expect(arrived).toHaveLength(count)
        for (const [, at] of arrived) expect(at).toBeLessThanOrEqual(quiet.leastMs + 0.2 * quiet.typicalMs)
      }),
    )
  })

  test('treats equal seeds equally', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const run = (): unknown => {
          const { network, arrived } = networkOf(seed, { loss: 0.2, duplication: 0.2, replay: 0.1 })
          for (let i = 0; i < count; i++) network.carry(envelope(i), i)
          return arrived
        }
        expect(run()).toEqual(run())
      }),
    )
  })
})
