import { describe, expect, it } from 'vitest'
import { TestCluster } from './fixtures/test-cluster.ts'

function led(): TestCluster {
  const cluster = TestCluster.ofSize(3)
  cluster.timeOut('S1')
  return cluster
}

describe('leadership transfer (dissertation §3.10)', () => {
  it('the target campaigns at once and wins, although the leader is alive', () => {
    const cluster = led()
    expect(cluster.node('S1').step({ type: 'transferLeadership', to: 'S2' })).toEqual({ kind: 'done' })
    cluster.settle()
    expect(cluster.raft('S2')).toMatchObject({ role: 'leader', currentTerm: 2 })
    expect(cluster.raft('S1')).toMatchObject({ role: 'follower', leader: 'S2' })
  })

  it('a lagging target catches up first (redpanda#2606)', () => {
    const cluster = led()
    cluster.isolate('S2')
    cluster.propose('S1', 1)
    cluster.settle()
    cluster.node('S1').step({ type: 'transferLeadership', to: 'S2' })
    expect(cluster.messages.filter(({ type }) => type === 'TimeoutNow')).toEqual([])
    cluster.heal()
    cluster.advance(400)
    expect(cluster.raft('S2')).toMatchObject({ role: 'leader' })
    expect(cluster.node('S2').terms).toEqual([1, 1, 2])
  })

  it('proposals pause meanwhile, and resume when it comes to nothing in an election timeout', () => {
    const cluster = led()
    cluster.isolate('S2')
    cluster.propose('S1', 1)
    cluster.settle()
    cluster.node('S1').step({ type: 'transferLeadership', to: 'S2' })
    expect(cluster.propose('S1', 1)).toEqual({ kind: 'Transferring', to: 'S2' })
    cluster.advance(500)
    expect(cluster.propose('S1', 1)).toMatchObject({ kind: 'appended' })
  })

  it('without a target, the follower that is furthest along takes over', () => {
    const cluster = led()
    cluster.isolate('S2')
    cluster.propose('S1', 1)
    cluster.settle()
    cluster.heal()
    cluster.node('S1').step({ type: 'transferLeadership' })
    cluster.settle()
    expect(cluster.raft('S3').role).toBe('leader')
  })

  it('refuses itself, a node without a vote, and when it does not lead', () => {
    const cluster = led()
    const transfer = (id: string, to: string) => cluster.node(id).step({ type: 'transferLeadership', to })
    expect(transfer('S1', 'S1')).toEqual({ kind: 'TransferRefused', reason: 'self' })
    expect(transfer('S1', 'stranger')).toEqual({ kind: 'TransferRefused', reason: 'notVoter' })
    expect(transfer('S2', 'S3')).toEqual({ kind: 'NotLeader', leader: 'S1' })
  })

  it('an old TimeoutNow starts nothing', () => {
    const cluster = led()
    cluster.deliver({ type: 'TimeoutNow', from: 'S1', to: 'S2', term: 0 })
    expect(cluster.raft('S2').role).toBe('follower')
  })
})
