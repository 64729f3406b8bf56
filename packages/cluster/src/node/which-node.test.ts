import { type Configuration, emptyConfiguration, initialConfiguration, isMember } from '@flotilla/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StoredNode } from '../storage.ts'
import { inOrderOfNeed, neededMore, partnerOf } from './which-node.ts'

const CLUSTER = '0123456789abcdef0123456789abcdef'

const stored = (
  nodeId: string,
  lastIndex: number,
  configuration: Configuration,
  clusterId: string | undefined = CLUSTER,
) => ({ nodeId, clusterId, lastTerm: lastIndex === 0 ? 0 : 1, lastIndex, configuration }) satisfies StoredNode

const names = (nodes: readonly StoredNode[]) => nodes.map(({ nodeId }) => nodeId)

/** Everyone is a member, and these vote. */
const voters = (...ids: string[]): Configuration => ({ ...initialConfiguration(['a', 'b', 'c']), voters: ids })

describe('which node a tab takes up', () => {
  it('is a voter by the latest configuration that any disk knows, however old it is and whatever the tab was', () => {
    const nodes = [stored('a', 5, voters('a', 'b')), stored('b', 9, voters('b')), stored('new', 0, emptyConfiguration)]
    expect(names(inOrderOfNeed(nodes, 'a'))).toEqual(['b', 'a', 'new'])
    expect(names(inOrderOfNeed(nodes, 'new'))).toEqual(['b', 'a', 'new'])
  })

  it('is the one it was, among voters; then the one with the longest log, then the oldest', () => {
    const all = voters('a', 'b', 'c')
    const nodes = [stored('a', 5, all), stored('b', 7, all), stored('c', 7, all)]
    expect(names(inOrderOfNeed(nodes, 'a'))).toEqual(['a', 'b', 'c'])
    expect(names(inOrderOfNeed(nodes, undefined))).toEqual(['b', 'c', 'a'])
  })

  it('compares terms before indexes: a longer log of an earlier term is out of date (§5.4.1)', () => {
    const nodes = [stored('a', 90, voters('a')), { ...stored('b', 8, voters('b')), lastTerm: 2 }]
    expect(names(inOrderOfNeed(nodes, undefined))).toEqual(['b', 'a'])
  })

  it('never is one that was not admitted while another is there, and every node has a place', () => {
    const node = fc.record({
      nodeId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      lastTerm: fc.nat(3),
      lastIndex: fc.nat(9),
      clusterId: fc.constantFrom(CLUSTER, undefined),
      configuration: fc.constantFrom(emptyConfiguration, voters('a'), voters('a', 'b'), initialConfiguration(['d'])),
    })
    const shelf = fc.uniqueArray(node, { selector: ({ nodeId }) => nodeId, maxLength: 5 })
    fc.assert(
      fc.property(shelf, fc.option(fc.constantFrom('a', 'd', 'e'), { nil: undefined }), (nodes, preferred) => {
        const order = inOrderOfNeed(nodes, preferred)
        expect(new Set(names(order))).toEqual(new Set(names(nodes)))
        const isNamed = ({ nodeId }: StoredNode) => nodes.some(({ configuration }) => isMember(configuration, nodeId))
        const lastOfItsOwn = order.findLastIndex(({ nodeId, configuration }) => isMember(configuration, nodeId))
        for (const earlier of order.slice(0, Math.max(0, lastOfItsOwn))) expect(isNamed(earlier)).toBe(true)
      }),
    )
  })
})

describe('which node a tab without a leader becomes', () => {
  it('is one whose vote is needed, if its own is not', () => {
    const learner = stored('b', 4, voters('a'))
    expect(names(neededMore([stored('a', 4, voters('a')), learner], 'b'))).toEqual(['a'])
    expect(neededMore([stored('a', 4, voters('a', 'b')), stored('b', 4, voters('a', 'b'))], 'b')).toEqual([])
    // Outdated, it takes itself for a voter.
    expect(names(neededMore([stored('a', 4, voters('a', 'b')), stored('b', 6, voters('b'))], 'a'))).toEqual(['b'])
  })

  it('is of its own cluster, if it belongs to one', () => {
    const other = 'f'.repeat(32)
    const stranger = stored('x', 9, initialConfiguration(['x']), other)
    expect(neededMore([stranger, stored('b', 4, voters('a'))], 'b')).toEqual([])
    expect(
      names(neededMore([stranger, { ...stored('new', 0, emptyConfiguration), clusterId: undefined }], 'new')),
    ).toEqual(['x'])
  })

  it('has a partner in a room of two only, who is better if that one can lead and this one cannot', () => {
    const two = voters('a', 'b')
    expect(partnerOf([stored('a', 4, two), stored('b', 4, two)], 'b')).toEqual({ id: 'a', isBetter: false })
    expect(partnerOf([stored('a', 5, two), stored('b', 4, voters('a'))], 'b')).toEqual({ id: 'a', isBetter: true })
    expect(partnerOf([stored('a', 3, voters('a')), stored('b', 4, two)], 'b')).toEqual({ id: 'a', isBetter: true })
    const three = voters('a', 'b', 'c')
    expect(partnerOf([stored('a', 4, three), stored('b', 4, three), stored('c', 4, three)], 'b')).toBe(undefined)
  })
})
