import type { CommandEntry, FollowerStatus } from '@flotilla/core'
import { describe, expect, it } from 'vitest'
import { encodeEnvelope } from '../wire/command.ts'
import { Reach } from './reach.ts'

const command = (sequence: number): Uint8Array =>
  encodeEnvelope({ kind: 'command', session: 7, sequence, firstUnanswered: 1, command: new Uint8Array() })
const entry = (index: number, sequence: number): CommandEntry => ({
  index,
  term: 2,
  kind: 'command',
  data: command(sequence),
})
const follower = (id: string, matchIndex: number): FollowerStatus => ({
  id,
  matchIndex,
  state: 'replicate',
  nextIndex: matchIndex + 1,
  inflightMessages: 0,
  isCaughtUp: true,
  lastHeardAt: 0,
})
const own = (): boolean => true
const others = (): boolean => false

function watched() {
  const reach = new Reach()
  const told: boolean[] = []
  const watch = reach.watch(command(1), isElsewhere => told.push(isElsewhere))
  return { reach, told, watch }
}

describe('whether another node has a command', () => {
  it('is so when it comes from a leader, which has it', () => {
    const { reach, told } = watched()
    reach.appending([entry(9, 2)], 0, others)
    expect(told).toEqual([])
    reach.appending([entry(10, 1)], 0, others)
    expect(told).toEqual([true])
  })

  it('is not so when this node appended it itself, before another acknowledges it', () => {
    const { reach, told } = watched()
    reach.appending([entry(10, 1)], 0, own)
    reach.acknowledged([follower('a', 9), follower('b', 3)])
    expect(told).toEqual([])
    reach.acknowledged([follower('a', 10), follower('b', 3)])
    reach.acknowledged([follower('a', 11), follower('b', 10)])
    expect(told).toEqual([true])
  })

  it('is no longer so when another leader’s entries take its place, also when the asker has yet to ask again', () => {
    const { reach, told, watch } = watched()
    reach.appending([entry(10, 1)], 0, others)
    watch.leave()
    reach.appending([entry(10, 5)], 10, others)
    expect(told).toEqual([true, false])
  })

  it('is told at once to whoever asks again while it is so', () => {
    const { reach, told, watch } = watched()
    reach.appending([entry(10, 1)], 0, others)
    watch.leave()
    reach.watch(command(1), isElsewhere => told.push(isElsewhere))
    expect(told).toEqual([true, true])
  })

  it('stays so while the first of several copies is there', () => {
    const { reach, told } = watched()
    reach.appending([entry(10, 1)], 0, others)
    reach.appending([entry(12, 1)], 0, others)
    reach.appending([entry(12, 5)], 12, others)
    reach.restored(10)
    expect(told).toEqual([true])
    reach.restored(9)
    expect(told).toEqual([true, false])
  })

  it('is told no more once it is applied', () => {
    const { reach, told } = watched()
    reach.applied(7, 1)
    reach.appending([entry(10, 1)], 0, others)
    expect(told).toEqual([])
  })
})
