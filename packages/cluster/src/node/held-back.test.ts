import type { AppendEntriesAccepted, RequestVoteResult } from '@flotilla/core'
import { describe, expect, it } from 'vitest'
import { HeldBack } from './held-back.ts'

const accepted = (round: number, matchIndex = 7): AppendEntriesAccepted => ({
  type: 'AppendEntriesResult',
  from: 'b',
  to: 'a',
  term: 3,
  success: true,
  matchIndex,
  round,
})

const vote: RequestVoteResult = { type: 'RequestVoteResult', from: 'b', to: 'c', term: 3, granted: true }

describe('what waits for the disk', () => {
  it('leaves in its order, and no sooner than its unit is durable', () => {
    const held = new HeldBack()
    held.push(1, vote)
    held.push(2, accepted(1))
    held.push(3, accepted(2, 9))
    expect(held.takeUpTo(0)).toEqual([])
    expect(held.takeUpTo(2)).toEqual([vote, accepted(1)])
    expect(held.takeUpTo(2)).toEqual([])
    expect(held.takeUpTo(9)).toEqual([accepted(2, 9)])
  })

  // A follower kept one answer for every heartbeat that came while its disk stood still.
  it('is one answer to a leader, however many heartbeats it sends meanwhile', () => {
    const held = new HeldBack()
    held.push(1, vote)
    for (let round = 1; round <= 1_000; round++) held.push(1, accepted(round))
    expect(held.size).toBe(2)
    expect(held.takeUpTo(1)).toEqual([vote, accepted(1_000)])
  })
})
