import type { CommandEntry } from '@flotilla/core'
import { describe, expect, it } from 'vitest'
import type { ProposeAnswer } from '../wire/frame.ts'
import { UnderWay } from './under-way.ts'

const entry = (index: number, term: number): CommandEntry => ({ index, term, kind: 'command', data: new Uint8Array() })
const answer = (index: number, term: number): ProposeAnswer => ({
  kind: 'applied',
  index,
  term,
  result: new Uint8Array(),
})

function followed(...places: [index: number, term: number][]) {
  const underWay = new UnderWay()
  const told: string[] = []
  for (const [index, term] of places) underWay.follow(index, term, ({ kind }) => told.push(`${index}@${term} ${kind}`))
  return { underWay, told }
}

describe('what became of an entry (Log Matching, §5.3)', () => {
  it('is known when the entry of that index and term is applied', () => {
    const { underWay, told } = followed([5, 2], [6, 2])
    underWay.applied(entry(5, 2), answer(5, 2))
    expect(told).toEqual(['5@2 applied'])
  })

  it('is to be superseded when another entry was committed in its place', () => {
    const { underWay, told } = followed([5, 2])
    underWay.applied(entry(5, 3), answer(5, 3))
    expect(told).toEqual(['5@2 superseded'])
  })

  it('is unknown once its place in the log is taken anew', () => {
    const { underWay, told } = followed([5, 2], [5, 4])
    expect(told).toEqual(['5@2 unknown'])
    underWay.applied(entry(5, 4), answer(5, 4))
    expect(told).toEqual(['5@2 unknown', '5@4 applied'])
  })

  it('is unknown when the leader loses its office; what became of it is told later all the same', () => {
    const { underWay, told } = followed([5, 2], [6, 2])
    underWay.lostOffice(4)
    underWay.lostOffice(4)
    expect(told).toEqual(['5@2 unknown', '6@2 unknown'])
    underWay.applied(entry(5, 2), answer(5, 2))
    underWay.applied(entry(6, 3), answer(6, 3))
    expect(told.slice(2)).toEqual(['5@2 applied', '6@2 superseded'])
  })

  // A leader that removed itself, with a disk slower than the others', was told that nobody knows.
  it('is not unknown when the leader had committed it before it lost its office', () => {
    const { underWay, told } = followed([5, 2], [6, 2])
    underWay.lostOffice(5)
    expect(told).toEqual(['6@2 unknown'])
    underWay.applied(entry(5, 2), answer(5, 2))
    expect(told).toEqual(['6@2 unknown', '5@2 applied'])
  })

  it('is unknown when it conflicted with another leader’s entries, however far those are committed', () => {
    const { underWay, told } = followed([5, 2], [6, 2])
    underWay.truncated(6)
    underWay.lostOffice(9)
    expect(told).toEqual(['6@2 unknown'])
  })

  it('is unknown for ever when a snapshot took its place', () => {
    const { underWay, told } = followed([5, 2], [6, 2])
    underWay.restored(5)
    underWay.applied(entry(5, 2), answer(5, 2))
    expect(told).toEqual(['5@2 unknown'])
  })
})
