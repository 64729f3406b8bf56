import { describe, expect, it } from 'vitest'
import { logOf, TestCluster, type TestNode } from './fixtures/test-cluster.ts'
import type { AppendEntriesResult } from './messages.ts'

/** S2 and S3 acknowledge up to `matchIndex`. */
function acknowledge(cluster: TestCluster, from: string, matchIndex: number): void {
  const { currentTerm, leadership } = cluster.raft('S1')
  const answer: AppendEntriesResult = {
    type: 'AppendEntriesResult',
    from,
    to: 'S1',
    term: currentTerm,
    success: true,
    matchIndex,
    round: leadership?.round ?? 0,
  }
  cluster.deliver(answer)
  cluster.node('S1').flush()
}

/** S1 leads term 4 of five, elected by S2 and S3; nobody has received an entry from it. */
function figure8(): { cluster: TestCluster; s1: TestNode } {
  const cluster = TestCluster.withLogs([[1, 2], [1, 2], [1], [1], [1, 3]], {
    term: 3,
    preVote: false,
    electionTimeoutStretch: 1,
  })
  cluster.isolate('S5')
  cluster.electWithoutReplicating('S1')
  const s1 = cluster.node('S1')
  s1.flush()
  cluster.messages = []
  return { cluster, s1 }
}

describe('the commit rule (§5.3, §5.4.2; figure 8)', () => {
  it('(c) a majority that stores an entry of an earlier term has not committed it', () => {
    const { cluster, s1 } = figure8()
    expect(s1.raft).toMatchObject({ role: 'leader', currentTerm: 4 })
    acknowledge(cluster, 'S2', 2)
    acknowledge(cluster, 'S3', 2)
    expect(s1.raft.commitIndex).toBe(0)
  })

  it('(e) it commits along with an entry of the own term', () => {
    const { cluster, s1 } = figure8()
    acknowledge(cluster, 'S2', 3)
    acknowledge(cluster, 'S3', 3)
    expect(s1.raft.commitIndex).toBe(3)
    expect(s1.applied.map(({ term }) => term)).toEqual([1, 2, 4])
  })

  it('(d) so S5 may still win, and overwrite it everywhere', () => {
    const { cluster } = figure8()
    cluster.heal()
    cluster.isolate('S1')
    cluster.elect('S5')
    cluster.heal()
    cluster.advance(2_000)
    for (const node of cluster.nodes.values()) expect(node.terms.slice(0, 2)).toEqual([1, 3])
  })

  it('a leader starts its term with a no-op, through which the rest commits (§8; redisraft#16)', () => {
    const cluster = TestCluster.withLogs([[1], [1], [1]], { term: 1 })
    cluster.elect('S1')
    expect(cluster.node('S1').applied.map(({ kind }) => kind)).toEqual(['command', 'noop'])
  })

  it('a leader that has not flushed does not count itself (dissertation §10.2.1)', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    cluster.raft('S1').propose(new Uint8Array(1), cluster.now)
    cluster.node('S1').drain()
    const round = cluster.raft('S1').leadership?.round ?? 0
    cluster.deliver({ type: 'AppendEntriesResult', from: 'S2', to: 'S1', term: 1, success: true, matchIndex: 2, round })
    expect(cluster.raft('S1').commitIndex).toBe(1)
    cluster.node('S1').flush()
    expect(cluster.raft('S1').commitIndex).toBe(2)
  })

  it('a deposed leader may still commit, and it is fine: the new one has the entry (§5.4.3)', () => {
    const cluster = TestCluster.withLogs([[2], [2], [], [], []], { term: 2 })
    // S2 wins term 3 with S4 and S5; then S1's late append of term 2 would reach S3, whose term is still 2.
    cluster.cut('S2', 'S3')
    cluster.cut('S2', 'S1')
    cluster.elect('S2')
    const s3 = cluster.node('S3')
    cluster.deliver({
      type: 'AppendEntries',
      from: 'S1',
      to: 'S3',
      term: 2,
      prevLogIndex: 0,
      prevLogTerm: 0,
      entries: logOf([2]),
      leaderCommit: 0,
      round: 1,
    })
    s3.flush()
    expect(s3.terms).toEqual([2])
    expect(cluster.node('S2').terms[0]).toBe(2)
  })
})
