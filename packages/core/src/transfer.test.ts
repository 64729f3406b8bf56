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
    expect(cluster.propose('S1', 1)).toMatchObject({ kind: 'command' })
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

  it('refuses a target that is silent, or that needs a snapshot: it could not catch up in time', () => {
    const cluster = led()
    cluster.isolate('S2')
    cluster.advance(500)
    const refused = { kind: 'TransferRefused', reason: 'lagging' }
    expect(cluster.node('S1').step({ type: 'transferLeadership', to: 'S2' })).toEqual(refused)
    cluster.propose('S1', 1)
    cluster.settle()
    cluster.node('S1').step({ type: 'compact', index: 2, data: new Uint8Array(1) })
    cluster.advance(400)
    cluster.heal()
    cluster.now = cluster.raft('S1').deadline
    cluster.node('S1').step({ type: 'tick' })
    const isHeartbeat = (type: string): boolean => type === 'AppendEntries' || type === 'AppendEntriesResult'
    for (let answers = 0; answers < 2; answers++) {
      for (const node of cluster.nodes.values()) node.flush()
      for (const message of cluster.take(({ type }) => isHeartbeat(type))) cluster.deliver(message)
    }
    expect(cluster.raft('S1').leadership?.follower('S2')).toMatchObject({ state: 'snapshot', lastHeardAt: cluster.now })
    expect(cluster.node('S1').step({ type: 'transferLeadership', to: 'S2' })).toEqual(refused)
  })

  it('refuses when nobody could take over', () => {
    const alone = TestCluster.ofSize(1)
    alone.timeOut('S1')
    const refused = { kind: 'TransferRefused', reason: 'noTarget' }
    expect(alone.node('S1').step({ type: 'transferLeadership' })).toEqual(refused)
    const cluster = led()
    cluster.isolate('S1')
    cluster.now += 500
    expect(cluster.node('S1').step({ type: 'transferLeadership' })).toEqual(refused)
  })

  it('an old TimeoutNow starts nothing', () => {
    const cluster = led()
    cluster.deliver({ type: 'TimeoutNow', from: 'S1', to: 'S2', term: 0 })
    expect(cluster.raft('S2').role).toBe('follower')
  })
})

describe('a leader that will not be there any more', () => {
  it('sends TimeoutNow right behind the entries, and the target wins with all of them', () => {
    const cluster = led()
    cluster.propose('S1', 1)
    cluster.messages = cluster.messages.filter(({ to }) => to !== 'S3')
    cluster.propose('S1', 2)
    const s1 = cluster.node('S1')
    expect(s1.step({ type: 'transferLeadership', to: 'S2', atOnce: true })).toEqual({ kind: 'done' })
    const toTarget = cluster.messages.filter(({ to }) => to === 'S2').map(({ type }) => type)
    expect(toTarget).toEqual(['AppendEntries', 'AppendEntries', 'TimeoutNow'])
    cluster.nodes.delete('S1')
    cluster.settle()
    expect(cluster.raft('S2')).toMatchObject({ role: 'leader', currentTerm: 2 })
    expect(cluster.node('S2').terms).toEqual([1, 1, 1, 2])
  })

  it('does not wait for a target that it was told to wait for before', () => {
    const cluster = led()
    cluster.propose('S1', 1)
    const s1 = cluster.node('S1')
    s1.step({ type: 'transferLeadership', to: 'S2' })
    expect(cluster.messages.some(({ type }) => type === 'TimeoutNow')).toBe(false)
    expect(s1.step({ type: 'transferLeadership', to: 'S3' })).toEqual({ kind: 'Transferring', to: 'S2' })
    expect(s1.step({ type: 'transferLeadership', to: 'S3', atOnce: true })).toEqual({ kind: 'done' })
    expect(s1.step({ type: 'transferLeadership', atOnce: true })).toEqual({ kind: 'Transferring', to: 'S3' })
    expect(cluster.messages.filter(({ type }) => type === 'TimeoutNow')).toMatchObject([{ to: 'S3' }])
  })
})
