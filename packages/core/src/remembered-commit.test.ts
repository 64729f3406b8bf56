import { describe, expect, it } from 'vitest'
import type { Entry } from './entry.ts'
import type { RecoveredState } from './io.ts'
import { initialConfiguration } from './membership.ts'
import { Raft } from './raft.ts'

const data = (n: number): Uint8Array => Uint8Array.of(n)
const entries: readonly Entry[] = [
  { index: 1, term: 1, kind: 'configuration', data: initialConfiguration(['S1', 'S2', 'S3']) },
  { index: 2, term: 1, kind: 'command', data: data(2) },
  { index: 3, term: 1, kind: 'command', data: data(3) },
]

const restarted = (remembered: Partial<RecoveredState>): Raft =>
  new Raft({
    id: 'S1',
    now: 0,
    random: () => 0,
    recovered: { currentTerm: 1, votedFor: undefined, snapshot: undefined, entries, ...remembered },
  })

const applied = (raft: Raft): readonly number[] => raft.drain()?.committed.map(({ index }) => index) ?? []

describe('what a disk remembers to be committed', () => {
  it('is applied at once, without hearing from anybody', () => {
    const raft = restarted({ commitIndex: 2 })
    expect(applied(raft)).toEqual([1, 2])
    expect(raft.status()).toMatchObject({ role: 'follower', commitIndex: 2 })
  })

  it('is nothing where the disk does not say, as the paper has it', () => {
    expect(applied(restarted({}))).toEqual([])
  })

  it('is no more than the log holds, and no less than its snapshot', () => {
    expect(applied(restarted({ commitIndex: 9 }))).toEqual([1, 2, 3])
    const snapshot = { index: 2, term: 1, configuration: initialConfiguration(['S1', 'S2', 'S3']), data: data(0) }
    const raft = restarted({ snapshot, entries: entries.slice(2), commitIndex: 1 })
    expect(raft.status()).toMatchObject({ commitIndex: 2 })
    expect(applied(raft)).toEqual([])
  })

  it('may be gone on from by whichever leader there is', () => {
    const raft = restarted({ commitIndex: 2 })
    raft.drain()
    raft.receive(
      {
        type: 'AppendEntries',
        from: 'S2',
        to: 'S1',
        term: 2,
        prevLogIndex: 3,
        prevLogTerm: 1,
        entries: [],
        leaderCommit: 3,
        round: 1,
      },
      1,
    )
    expect(applied(raft)).toEqual([3])
  })
})
