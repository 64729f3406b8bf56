import type { FollowerStatus, NodeId, RaftStatus } from '@flotilla/core'
import { describe, expect, it } from 'vitest'
import { blankStatus } from '../node/status.ts'
import type { Room } from './autopilot.ts'
import type { Merit } from './merits.ts'
import { preferredLeader } from './preference.ts'

const now = 100_000
const stands = (priority: number, visible = true): Merit => ({ priority, visible })

/** A leads B and C, which vote, and D, which does not. */
function prefer(
  own: Merit,
  merits: Readonly<Record<NodeId, Merit>>,
  followers: Readonly<Record<NodeId, Partial<FollowerStatus>>> = {},
  status: Partial<RaftStatus> = {},
  goodbyes: readonly NodeId[] = [],
): NodeId | undefined {
  const ids = ['A', 'B', 'C', 'D']
  const room: Room = {
    now,
    status: {
      ...blankStatus('A'),
      role: 'leader',
      lastIndex: 500,
      commitIndex: 500,
      configuration: {
        members: ids.map((id, i) => ({ id, name: `S${i + 1}` })),
        voters: ids.slice(0, 3),
        oldVoters: [],
        namesGiven: 4,
        expelled: [],
      },
      followers: ids.slice(1).map(id => ({
        id,
        state: 'replicate',
        matchIndex: 490,
        nextIndex: 501,
        inflightMessages: 0,
        isCaughtUp: true,
        lastHeardAt: now - 100,
        ...followers[id],
      })),
      ...status,
    },
    leaderSince: 0,
    aliveWithinMs: 1_000,
    goodbyes: new Map(goodbyes.map(id => [id, now - 100])),
    joiners: [],
    wanted: new Set(),
    memberSince: new Map(),
    guests: new Set(),
    lasting: new Set(),
    silentSince: new Map(),
  }
  return preferredLeader(room, own, id => merits[id])
}

describe('the preferred leader (dissertation §3.10)', () => {
  it('is a voter of strictly higher priority, and the highest of them', () => {
    expect(prefer(stands(1), { B: stands(2), C: stands(3) })).toBe('C')
    expect(prefer(stands(3), { B: stands(2), C: stands(3) })).toBeUndefined()
  })

  it('has caught up, has been heard lately, and is not leaving', () => {
    const merits = { B: stands(2) }
    expect(prefer(stands(1), merits, { B: { isCaughtUp: false } })).toBeUndefined()
    expect(prefer(stands(1), merits, { B: { lastHeardAt: now - 1_000 } })).toBeUndefined()
    expect(prefer(stands(1), merits, {}, {}, ['B'])).toBeUndefined()
    expect(prefer(stands(1), merits)).toBe('B')
  })

  it('has a vote, and has said how it stands', () => {
    expect(prefer(stands(1), { D: stands(9) })).toBeUndefined()
    expect(prefer(stands(1, false), {})).toBeUndefined()
  })

  it('is anybody visible while the leader is hidden, and nobody hidden while it is visible', () => {
    expect(prefer(stands(9, false), { B: stands(200, false), C: stands(0) })).toBe('C')
    expect(prefer(stands(0), { B: stands(200, false) })).toBeUndefined()
  })

  it('among equals has the longest log', () => {
    expect(prefer(stands(0), { B: stands(2), C: stands(2) }, { C: { matchIndex: 495 } })).toBe('C')
    expect(prefer(stands(0), { B: stands(2), C: stands(2) }, { B: { matchIndex: 495 } })).toBe('B')
  })

  it('waits while a change of members or a transfer is under way', () => {
    const merits = { B: stands(2) }
    expect(prefer(stands(1), merits, {}, { configurationIndex: 501 })).toBeUndefined()
    expect(prefer(stands(1), merits, {}, { transferringTo: 'C' })).toBeUndefined()
  })
})
