import { describe, expect, it } from 'vitest'
import { TestCluster } from './fixtures/test-cluster.ts'
import { Raft } from './index.ts'
import { emptyState } from './io.ts'
import type { RaftOptions } from './options.ts'

const leases = { leaseReads: true, clock: 'bounded-drift', clockDriftBound: 1.25 } as const
/** 500 ms of election timeout ÷ 1.25. */
const LEASE_MS = 400

/** S1 leads three nodes, and both others have just answered its heartbeat. */
function led(options: Partial<RaftOptions> = leases): TestCluster {
  const cluster = TestCluster.ofSize(3, options)
  cluster.elect('S1')
  cluster.timeOut('S1')
  return cluster
}

function readsOf(cluster: TestCluster, id = 'S1') {
  cluster.node(id).step({ type: 'read', id: 7 })
  return cluster.node(id).reads.filter(read => read.id === 7)
}

describe('leases (dissertation §6.4.1)', () => {
  it('are refused without a clock that is declared safe, and without check-quorum', () => {
    const start = (options: Partial<RaftOptions>) => () =>
      new Raft({ id: 'S1', now: 0, random: () => 0.5, recovered: emptyState, options })
    expect(start({ leaseReads: true })).toThrow(RangeError)
    expect(start({ ...leases, clock: 'unsafe' })).toThrow(RangeError)
    expect(start({ ...leases, checkQuorum: false })).toThrow(RangeError)
    expect(start({ ...leases, clockDriftBound: 0.9 })).toThrow(RangeError)
    expect(start({ ...leases, clockDriftBound: Number.NaN })).toThrow(RangeError)
    expect(start(leases)).not.toThrow()
  })

  it('let a leader read without sending anything', () => {
    const cluster = led()
    expect(readsOf(cluster)).toMatchObject([{ kind: 'ready', index: 1 }])
    expect(cluster.messages).toEqual([])
  })

  it('are off by default: a read takes a round', () => {
    const cluster = led({})
    expect(readsOf(cluster)).toEqual([])
    expect(cluster.messages).toHaveLength(2)
  })

  it('serve reads of followers as well', () => {
    const cluster = led()
    cluster.node('S3').step({ type: 'read', id: 7 })
    cluster.settle()
    expect(cluster.node('S3').reads).toEqual([{ id: 7, kind: 'ready', index: 1 }])
    expect(cluster.raft('S1').leadership?.readBatch).toBeUndefined()
  })

  it('last an election timeout divided by the bound on drift, and not a moment longer', () => {
    const cluster = led()
    cluster.isolate('S1')
    cluster.now += LEASE_MS - 1
    expect(readsOf(cluster)).toHaveLength(1)
    cluster.node('S1').reads.length = 0
    cluster.now += 1
    expect(readsOf(cluster)).toEqual([])
  })

  it('count from when the heartbeat was sent, however late its answer is', () => {
    const cluster = led()
    cluster.now = cluster.raft('S1').deadline
    const sentAt = cluster.now
    cluster.node('S1').step({ type: 'tick' })
    cluster.now += 300
    cluster.settle()
    cluster.isolate('S1')
    cluster.now = sentAt + LEASE_MS
    expect(readsOf(cluster)).toEqual([])
  })

  it('need a majority: one follower of four does not make one', () => {
    const cluster = TestCluster.ofSize(5, leases)
    cluster.elect('S1')
    for (const id of ['S3', 'S4', 'S5']) cluster.cut('S1', id)
    cluster.now += LEASE_MS
    cluster.timeOut('S1')
    expect(cluster.raft('S1').role).toBe('leader')
    expect(readsOf(cluster)).toEqual([])
  })

  it('wait for an entry of the own term to commit, as every read does (§8)', () => {
    const cluster = TestCluster.ofSize(3, { ...leases, preVote: false })
    cluster.electWithoutReplicating('S1')
    expect(readsOf(cluster)).toEqual([])
    cluster.settle()
    expect(cluster.node('S1').reads).toMatchObject([{ kind: 'ready', index: 1 }])
  })

  it('end with a transfer, for as long as the leader leads: TimeoutNow may arrive at any time (§3.10)', () => {
    const cluster = led()
    cluster.node('S1').step({ type: 'transferLeadership', to: 'S2' })
    const [timeoutNow] = cluster.take(({ type }) => type === 'TimeoutNow')
    expect(timeoutNow).toBeDefined()
    expect(readsOf(cluster)).toEqual([])
    cluster.advance(600)
    expect(cluster.raft('S1')).toMatchObject({ role: 'leader', currentTerm: 1 })
    expect(cluster.raft('S1').leadership?.transfer).toBeUndefined()
    cluster.node('S1').reads.length = 0
    expect(readsOf(cluster)).toEqual([])
    cluster.settle()

    // It arrives now, and S2 wins although S3 hears from S1: a lease of S1 would have been worth nothing.
    cluster.cut('S1', 'S2')
    if (timeoutNow !== undefined) cluster.node('S2').receive(timeoutNow)
    cluster.messages = cluster.messages.filter(({ to }) => to !== 'S1')
    cluster.cut('S1', 'S3')
    cluster.settle()
    expect(cluster.raft('S2').role).toBe('leader')
    expect(cluster.raft('S1').role).toBe('leader')
    cluster.node('S1').reads.length = 0
    expect(readsOf(cluster)).toEqual([])
  })

  it('do not outlast a resume: the leader is none any more', () => {
    const cluster = led()
    cluster.node('S1').step({ type: 'resume' })
    expect(readsOf(cluster)).toMatchObject([{ kind: 'abandoned' }])
  })

  it.each(['restart', 'resume'] as const)('a voter keeps what it promised to a leader across a %s', how => {
    const cluster = led()
    // S2 has just promised S1 an election timeout, and S3 has not heard from S1 for long.
    cluster.cut('S1', 'S3')
    cluster.now += LEASE_MS - 1
    if (how === 'restart') cluster.node('S2').restart()
    else cluster.node('S2').step({ type: 'resume' })
    cluster.cut('S1', 'S2')
    cluster.node('S2').receive({
      type: 'RequestVote',
      from: 'S3',
      to: 'S2',
      term: 2,
      lastLogIndex: 9,
      lastLogTerm: 1,
      leadershipTransfer: false,
    })
    cluster.node('S2').flush()
    expect(cluster.take(({ type }) => type === 'RequestVoteResult')).toMatchObject([{ granted: false }])
    expect(cluster.raft('S2').currentTerm).toBe(1)
  })

  it('the first election timeout of a new cluster elects a leader all the same', () => {
    const cluster = TestCluster.ofSize(3, leases)
    cluster.timeOut('S1')
    expect(cluster.raft('S1').role).toBe('leader')
  })
})
