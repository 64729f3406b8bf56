import { describe, expect, it } from 'vitest'
import { emptyState } from './io.ts'
import { initialConfiguration } from './membership.ts'
import type { InstallSnapshot } from './messages.ts'
import { Raft } from './raft.ts'

const whole = (lastIncludedIndex: number): InstallSnapshot => ({
  type: 'InstallSnapshot',
  from: 'S1',
  to: 'S2',
  term: 1,
  lastIncludedIndex,
  lastIncludedTerm: 1,
  configuration: initialConfiguration(['S1', 'S2', 'S3']),
  offset: 0,
  data: Uint8Array.of(lastIncludedIndex),
  totalBytes: 1,
  round: 1,
})

describe('a second snapshot that is installed while the first is on its way to the disk', () => {
  // The first one was taken for durable because there was a second, and acknowledged when a late copy of it arrived.
  it('makes the first no more durable than it is', () => {
    const raft = new Raft({ id: 'S2', now: 0, random: () => 0, recovered: emptyState })
    raft.receive(whole(5), 1)
    const first = raft.drain()?.persist?.token ?? 0
    raft.step({ type: 'persisted', token: first - 1 }, 1)
    raft.receive(whole(9), 2)
    const second = raft.drain()?.persist?.token ?? 0
    expect(second).toBeGreaterThan(first)

    raft.receive(whole(5), 3)
    const output = raft.drain()
    expect(output?.sendNow).toEqual([])
    expect(output?.sendWhenDurable).toMatchObject([{ type: 'AppendEntriesResult', success: true, matchIndex: 5 }])
    expect(raft.status().durableIndex).toBe(0)

    raft.step({ type: 'persisted', token: second }, 4)
    expect(raft.status().durableIndex).toBe(9)
  })
})
