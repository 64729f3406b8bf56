import { describe, expect, it } from 'vitest'
import { TestCluster } from './fixtures/test-cluster.ts'

function led(): TestCluster {
  const cluster = TestCluster.ofSize(3)
  cluster.timeOut('S1')
  return cluster
}

describe('linearizable reads (§8; dissertation §6.4)', () => {
  it('the leader answers once a majority has heard it after the read began', () => {
    const cluster = led()
    cluster.node('S1').step({ type: 'read', id: 1 })
    expect(cluster.node('S1').reads).toEqual([])
    cluster.settle()
    expect(cluster.node('S1').reads).toEqual([{ id: 1, kind: 'ready', index: 1 }])
  })

  it('a leader cut off answers no read (etcd#741)', () => {
    const cluster = led()
    cluster.isolate('S1')
    cluster.node('S1').step({ type: 'read', id: 1 })
    cluster.settle()
    expect(cluster.node('S1').reads).toEqual([])
    cluster.advance(1_000)
    expect(cluster.node('S1').reads).toEqual([{ id: 1, kind: 'abandoned', reason: 'timeout' }])
  })

  it('at a leader whose disk stands still did not wait for ever for its own term to commit', () => {
    const cluster = TestCluster.ofSize(1)
    const node = cluster.node('S1')
    cluster.now = node.raft.deadline
    node.step({ type: 'tick' })
    node.flushOne()
    expect(node.raft.role).toBe('leader')
    node.step({ type: 'read', id: 1 })
    for (let i = 0; i < 10; i++) {
      cluster.now = node.raft.deadline
      node.step({ type: 'tick' })
    }
    expect(node.reads).toEqual([{ id: 1, kind: 'abandoned', reason: 'timeout' }])
    expect(node.raft.leadership?.newReads).toEqual([])
  })

  it('wait in bounded number, at a leader and at a follower', () => {
    const cluster = TestCluster.ofSize(3, { maxPendingReads: 2 })
    cluster.timeOut('S1')
    for (const id of ['S1', 'S2']) {
      const node = cluster.node(id)
      cluster.isolate(id)
      for (let read = 1; read <= 4; read++) node.step({ type: 'read', id: read })
      expect(node.reads).toEqual([3, 4].map(read => ({ id: read, kind: 'abandoned', reason: 'overloaded' })))
      cluster.heal()
      cluster.advance(2_000)
      expect(node.reads).toHaveLength(4)
      node.reads.length = 0
      node.step({ type: 'read', id: 5 })
      cluster.settle()
      expect(node.reads).toMatchObject([{ id: 5, kind: 'ready' }])
      node.reads.length = 0
    }
  })

  it('a heartbeat from before the read proves nothing', () => {
    const cluster = led()
    cluster.now = cluster.raft('S1').deadline
    cluster.node('S1').step({ type: 'tick' })
    for (const message of cluster.take(() => true)) cluster.deliver(message)
    const early = cluster.take(() => true)
    cluster.node('S1').step({ type: 'read', id: 1 })
    cluster.messages = []
    for (const message of early) cluster.deliver(message)
    expect(cluster.node('S1').reads).toEqual([])
  })

  it('one round serves all reads that were waiting when it began', () => {
    const cluster = led()
    for (let id = 1; id <= 10; id++) cluster.raft('S1').step({ type: 'read', id }, cluster.now)
    cluster.node('S1').drain()
    expect(cluster.messages).toHaveLength(2)
    cluster.settle()
    expect(cluster.node('S1').reads).toHaveLength(10)
  })

  it('a new leader waits for an entry of its own term to commit (etcd#7331)', () => {
    const cluster = TestCluster.withLogs([[1], [1], [1]], { term: 1, preVote: false })
    cluster.electWithoutReplicating('S1')
    const s1 = cluster.node('S1')
    s1.step({ type: 'read', id: 1 })
    expect(s1.reads).toEqual([])
    cluster.settle()
    expect(s1.reads).toEqual([{ id: 1, kind: 'ready', index: 2 }])
  })

  it('a follower reads through the leader', () => {
    const cluster = led()
    cluster.node('S3').step({ type: 'read', id: 4 })
    cluster.settle()
    expect(cluster.node('S3').reads).toEqual([{ id: 4, kind: 'ready', index: 1 }])
  })

  it('a follower that gets no answer says so after an election timeout', () => {
    const cluster = led()
    cluster.cut('S1', 'S3')
    cluster.node('S3').step({ type: 'read', id: 4 })
    cluster.advance(500)
    expect(cluster.node('S3').reads).toMatchObject([{ id: 4, kind: 'abandoned' }])
  })

  it('without a leader there is nobody to ask', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.node('S1').step({ type: 'read', id: 1 })
    expect(cluster.node('S1').reads).toEqual([{ id: 1, kind: 'abandoned', reason: 'noLeader' }])
  })

  it('a node alone needs to ask nobody', () => {
    const cluster = TestCluster.ofSize(1)
    cluster.timeOut('S1')
    cluster.node('S1').step({ type: 'read', id: 1 })
    expect(cluster.node('S1').reads).toEqual([{ id: 1, kind: 'ready', index: 1 }])
  })

  it('a read asked of a leader that is followed by the asker itself is abandoned, not forgotten', () => {
    const cluster = led()
    cluster.node('S3').step({ type: 'read', id: 4 })
    cluster.messages = []
    cluster.node('S1').step({ type: 'transferLeadership', to: 'S3' })
    cluster.settle()
    expect(cluster.raft('S3').role).toBe('leader')
    expect(cluster.node('S3').reads).toEqual([{ id: 4, kind: 'abandoned', reason: 'leaderChanged' }])
  })

  it('an answer to a request of an earlier term proves nothing in this one', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    for (let id = 1; id <= 20; id++) {
      cluster.node('S1').step({ type: 'read', id })
      cluster.settle()
    }
    const old = cluster.raft('S1').leadership?.round ?? 0
    cluster.elect('S2')
    cluster.elect('S1')
    cluster.isolate('S1')
    cluster.messages = []
    const late = { from: 'S1', to: 'S2', term: 1, round: old } as const
    const { configuration } = cluster.raft('S1')
    const heartbeat = {
      ...late,
      type: 'AppendEntries',
      prevLogIndex: 0,
      prevLogTerm: 0,
      entries: [],
      leaderCommit: 0,
    } as const
    const chunk = {
      ...late,
      type: 'InstallSnapshot',
      lastIncludedIndex: 1,
      lastIncludedTerm: 1,
      configuration,
      offset: 0,
      data: new Uint8Array(0),
      totalBytes: 0,
    } as const
    for (const message of [heartbeat, chunk]) {
      cluster.node('S2').receive(message)
      cluster.node('S2').flush()
    }
    for (const answer of cluster.take(message => message.to === 'S1')) {
      cluster.node('S1').receive(answer)
    }
    cluster.node('S1').step({ type: 'read', id: 99 })
    expect(cluster.node('S1').reads.at(-1)).not.toMatchObject({ id: 99 })
  })

  it('a read that waits for a node which is then removed is answered without it', () => {
    const cluster = TestCluster.ofSize(2)
    cluster.timeOut('S1')
    cluster.node('S1').step({ type: 'read', id: 1 })
    cluster.messages = []
    cluster.node('S1').step({ type: 'changeMembership', changes: [{ type: 'remove', id: 'S2' }] })
    cluster.node('S1').flush()
    expect(cluster.node('S1').reads).toEqual([{ id: 1, kind: 'ready', index: 1 }])
  })
})
