import { describe, expect, it } from 'vitest'
import { snapshotOf, TestCluster } from './fixtures/test-cluster.ts'
import type { MembershipChange } from './membership.ts'

const change = (cluster: TestCluster, id: string, ...changes: MembershipChange[]) =>
  cluster.node(id).step({ type: 'changeMembership', changes })

/** S1 leads three voters; S4 and S5 are empty and know nobody. */
function withNewcomers(): TestCluster {
  const cluster = TestCluster.ofSize(3)
  cluster.add('S4')
  cluster.add('S5')
  cluster.timeOut('S1')
  return cluster
}

describe('membership changes (§6; dissertation ch. 4)', () => {
  it('a learner is brought up to date, and becomes a voter', () => {
    const cluster = withNewcomers()
    expect(change(cluster, 'S1', { type: 'addLearner', id: 'S4' }).kind).toBe('configuration')
    cluster.settle()
    expect(cluster.node('S4').terms).toEqual([1, 1])
    expect(cluster.raft('S4').deadline).toBe(Number.POSITIVE_INFINITY)
    change(cluster, 'S1', { type: 'addVoter', id: 'S4' })
    cluster.settle()
    for (const id of ['S1', 'S4']) expect(cluster.raft(id).configuration.voters).toEqual(['S1', 'S2', 'S3', 'S4'])
    expect(cluster.raft('S4').deadline).toBeLessThan(Number.POSITIVE_INFINITY)
  })

  it('is in force as soon as it is appended', () => {
    const cluster = withNewcomers()
    change(cluster, 'S1', { type: 'addVoter', id: 'S4' })
    expect(cluster.raft('S1').configuration.voters).toContain('S4')
    expect(cluster.raft('S1').commitIndex).toBe(1)
  })

  it('rolls back when its entry is truncated (canonical#323)', () => {
    const cluster = withNewcomers()
    cluster.isolate('S1')
    change(cluster, 'S1', { type: 'addVoter', id: 'S4' })
    cluster.settle()
    expect(cluster.raft('S1').configuration.voters).toHaveLength(4)
    cluster.elect('S2')
    cluster.heal()
    cluster.advance(2_000)
    expect(cluster.raft('S1').configuration.voters).toEqual(['S1', 'S2', 'S3'])
  })

  it('one at a time: a second is refused until the first is committed', () => {
    const cluster = withNewcomers()
    change(cluster, 'S1', { type: 'addLearner', id: 'S4' })
    expect(change(cluster, 'S1', { type: 'addLearner', id: 'S5' })).toMatchObject({
      kind: 'ConfigurationInFlight',
      index: 2,
    })
    cluster.settle()
    expect(change(cluster, 'S1', { type: 'addLearner', id: 'S5' }).kind).toBe('configuration')
  })

  it('none before an entry of the own term is committed (the single-server bug; openraft#2051)', () => {
    const cluster = TestCluster.withLogs([[1], [1], [1]], { term: 1, preVote: false })
    cluster.electWithoutReplicating('S3')
    expect(change(cluster, 'S3', { type: 'remove', id: 'S2' })).toEqual({ kind: 'OwnTermNotCommitted' })
    cluster.settle()
    expect(change(cluster, 'S3', { type: 'remove', id: 'S2' }).kind).toBe('configuration')
  })

  it('a follower refuses and names the leader', () => {
    const cluster = withNewcomers()
    expect(change(cluster, 'S2', { type: 'remove', id: 'S3' })).toEqual({ kind: 'NotLeader', leader: 'S1' })
  })

  it('a change of several voters goes through a joint configuration and leaves it by itself (§6)', () => {
    const cluster = withNewcomers()
    change(cluster, 'S1', { type: 'addVoter', id: 'S4' }, { type: 'addVoter', id: 'S5' }, { type: 'remove', id: 'S3' })
    expect(cluster.raft('S1').configuration.oldVoters).toEqual(['S1', 'S2', 'S3'])
    cluster.settle()
    expect(cluster.raft('S1').configuration).toMatchObject({ voters: ['S1', 'S2', 'S4', 'S5'], oldVoters: [] })
    expect(cluster.raft('S5').configuration).toEqual(cluster.raft('S1').configuration)
  })

  it('while joint, a majority of both is needed', () => {
    const cluster = withNewcomers()
    cluster.isolate('S4')
    cluster.isolate('S5')
    change(cluster, 'S1', { type: 'addVoter', id: 'S4' }, { type: 'addVoter', id: 'S5' }, { type: 'remove', id: 'S3' })
    cluster.settle()
    expect(cluster.raft('S1').commitIndex).toBe(1)
    expect(cluster.raft('S1').configuration.oldVoters).toHaveLength(3)
    cluster.heal()
    cluster.advance(1_000)
    expect(cluster.raft('S1').configuration.oldVoters).toHaveLength(0)
  })

  it('a new leader takes a joint configuration to its end, committed under another one or not (etcd#12136)', () => {
    for (const committed of [false, true]) {
      const cluster = withNewcomers()
      change(cluster, 'S1', { type: 'addVoter', id: 'S4' }, { type: 'addVoter', id: 'S5' })
      for (let i = 0; i < 50 && cluster.raft('S2').commitIndex < (committed ? 2 : 0); i++) {
        for (const node of cluster.nodes.values()) node.flush()
        for (const message of cluster.take(m => m.type !== 'AppendEntries' || m.entries.every(e => e.index <= 2))) {
          cluster.deliver(message)
        }
      }
      for (const node of cluster.nodes.values()) node.flush()
      for (const message of cluster.take(m => m.type === 'AppendEntries' && m.entries.every(e => e.index <= 2))) {
        cluster.deliver(message)
      }
      cluster.messages = []
      cluster.isolate('S1')
      for (const node of cluster.nodes.values()) node.flush()
      cluster.messages = []
      expect(cluster.raft('S2').configuration.oldVoters).toHaveLength(3)
      cluster.elect('S2')
      cluster.advance(1_000)
      expect(cluster.raft('S2').configuration).toMatchObject({ oldVoters: [], voters: { length: 5 } })
    }
  })

  it('a leader that is removed steps down once that is committed, and names a successor (canonical#235)', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    cluster.propose('S1', 1)
    cluster.settle()
    change(cluster, 'S1', { type: 'remove', id: 'S1' })
    cluster.settle()
    expect(cluster.raft('S1').role).toBe('follower')
    expect([cluster.raft('S2').role, cluster.raft('S3').role]).toContain('leader')
  })

  it('a leader that is not in the new configuration does not count itself', () => {
    const cluster = TestCluster.ofSize(2)
    cluster.timeOut('S1')
    cluster.isolate('S1')
    change(cluster, 'S1', { type: 'remove', id: 'S1' })
    cluster.settle()
    expect(cluster.raft('S1').commitIndex).toBe(1)
  })

  it('a removed node that goes on campaigning disturbs nobody (dissertation §4.2.3)', () => {
    const cluster = TestCluster.ofSize(3, { preVote: false })
    cluster.timeOut('S1')
    cluster.isolate('S3')
    change(cluster, 'S1', { type: 'remove', id: 'S3' })
    cluster.settle()
    cluster.heal()
    cluster.advance(10_000)
    expect(cluster.raft('S3').currentTerm).toBeGreaterThan(1)
    expect(cluster.raft('S1')).toMatchObject({ role: 'leader', currentTerm: 1 })
  })

  it('an acknowledgement from before a node was removed and added again is not believed', () => {
    const cluster = withNewcomers()
    const round = cluster.raft('S1').leadership?.round ?? 0
    change(cluster, 'S1', { type: 'remove', id: 'S3' })
    cluster.settle()
    change(cluster, 'S1', { type: 'addVoter', id: 'S3' })
    cluster.deliver({ type: 'AppendEntriesResult', from: 'S3', to: 'S1', term: 1, success: true, matchIndex: 3, round })
    expect(cluster.raft('S1').leadership?.follower('S3')?.matchIndex).toBe(0)
  })

  it('a restart begins from the configuration in the log, joint or not (openraft 6c0ccaf3)', () => {
    const cluster = withNewcomers()
    cluster.isolate('S1')
    change(cluster, 'S1', { type: 'addVoter', id: 'S4' }, { type: 'addVoter', id: 'S5' })
    cluster.settle()
    cluster.node('S1').restart()
    expect(cluster.raft('S1').configuration.oldVoters).toEqual(['S1', 'S2', 'S3'])
  })

  it('a cluster begins with one node whose log begins with its configuration', () => {
    const cluster = new TestCluster()
    const { configuration } = snapshotOf(['S1'])
    cluster.add('S1', {
      currentTerm: 1,
      votedFor: undefined,
      snapshot: undefined,
      entries: [{ index: 1, term: 1, kind: 'configuration', data: configuration }],
    })
    cluster.timeOut('S1')
    expect(cluster.raft('S1')).toMatchObject({ role: 'leader', currentTerm: 2, commitIndex: 2 })
  })

  it('a voter that an uncommitted configuration drops still campaigns: it may be needed (dissertation §4.2.2)', () => {
    const cluster = TestCluster.ofSize(2)
    cluster.timeOut('S1')
    cluster.isolate('S1')
    change(cluster, 'S1', { type: 'demote', id: 'S1' })
    cluster.settle()
    cluster.node('S1').restart()
    cluster.heal()
    cluster.advance(5_000)
    expect(cluster.raft('S2')).toMatchObject({ role: 'leader', configuration: { voters: ['S2'] } })
  })
})
