import { describe, expect, it } from 'vitest'
import { TestCluster } from './fixtures/test-cluster.ts'

/** S3 is cut off for long; the others commit ten commands and compact nine of their entries, into `bytes` bytes. */
function compacted(bytes = 100, options = {}): TestCluster {
  const cluster = TestCluster.ofSize(3, { snapshotChunkBytes: 40, ...options })
  cluster.timeOut('S1')
  cluster.isolate('S3')
  // Long enough to count as gone: for a follower that is there, the entries would be kept.
  cluster.advance(600)
  for (let i = 0; i < 10; i++) cluster.propose('S1', i)
  cluster.settle()
  const data = new Uint8Array(bytes).map((_, i) => i)
  for (const id of ['S1', 'S2']) cluster.node(id).step({ type: 'compact', index: 9, data })
  cluster.settle()
  return cluster
}

describe('snapshots (§7)', () => {
  it('the log up to the snapshot goes, the rest stays', () => {
    const { raft, disk } = compacted().node('S1')
    expect(raft.log).toMatchObject({ snapshotIndex: 9, lastIndex: 11 })
    expect(disk.entries.map(({ index }) => index)).toEqual([10, 11])
  })

  it('a follower that needs what is compacted gets the snapshot in chunks, and then the entries after it', () => {
    const cluster = compacted()
    cluster.heal()
    cluster.advance(1_000)
    const s3 = cluster.node('S3')
    expect(s3.restored.slice(1)).toMatchObject([{ index: 9, data: { length: 100 } }])
    expect([...(s3.restored[1]?.data ?? [])]).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(s3.raft.log).toMatchObject({ snapshotIndex: 9, lastIndex: 11 })
    expect(s3.applied.map(({ index }) => index)).toEqual([1, 10, 11])
  })

  it('an empty state machine is a snapshot too', () => {
    const cluster = compacted(0)
    cluster.heal()
    cluster.advance(1_000)
    expect(cluster.raft('S3').lastApplied).toBe(11)
  })

  it('a lost chunk is sent again, and those before it are not', () => {
    const cluster = compacted()
    cluster.heal()
    let lost = 0
    const offsets: number[] = []
    for (let i = 0; i < 200 && cluster.raft('S3').log.snapshotIndex === 0; i++) {
      cluster.now += 50
      for (const node of cluster.nodes.values()) {
        if (node.raft.deadline <= cluster.now) node.step({ type: 'tick' })
        node.flush()
      }
      for (const message of cluster.take(() => true)) {
        if (message.type === 'InstallSnapshot') {
          offsets.push(message.offset)
          if (message.offset === 40 && lost++ === 0) continue
        }
        cluster.deliver(message)
      }
    }
    expect(offsets).toEqual([0, 40, 80, 40])
  })

  it('is acknowledged only when it is durable', () => {
    const cluster = compacted(10)
    cluster.heal()
    for (let i = 0; i < 100 && cluster.raft('S3').log.snapshotIndex === 0; i++) {
      cluster.now += 50
      for (const node of cluster.nodes.values()) {
        if (node.raft.deadline <= cluster.now) node.step({ type: 'tick' })
        if (node.id !== 'S3') node.flush()
      }
      for (const message of cluster.take(() => true)) cluster.deliver(message)
    }
    expect(
      cluster.messages.filter(
        message =>
          message.from === 'S3' && message.type === 'AppendEntriesResult' && message.success && message.matchIndex >= 9,
      ),
    ).toEqual([])
    cluster.node('S3').flush()
    expect(cluster.messages).toContainEqual(expect.objectContaining({ from: 'S3', success: true, matchIndex: 9 }))
  })

  it('brings the configuration of its index', () => {
    const cluster = TestCluster.ofSize(1)
    cluster.timeOut('S1')
    cluster.node('S1').step({ type: 'compact', index: 1, data: new Uint8Array(1) })
    cluster.settle()
    cluster.add('S2')
    cluster.node('S1').step({ type: 'changeMembership', changes: [{ type: 'addLearner', id: 'S2' }] })
    cluster.settle()
    expect(cluster.node('S2').restored).toMatchObject([{ configuration: { voters: ['S1'], members: { length: 1 } } }])
    expect(cluster.raft('S2').configuration.members).toHaveLength(2)
  })

  it('never goes backwards, and never past what is applied (hashicorp#248)', () => {
    const { node } = { node: compacted().node('S1') }
    const compact = (index: number) => node.step({ type: 'compact', index, data: new Uint8Array(1) })
    expect(compact(9)).toEqual({ kind: 'CompactRefused', reason: 'notNewer' })
    expect(compact(12)).toEqual({ kind: 'CompactRefused', reason: 'notApplied' })
  })

  it('a restart begins from it', () => {
    const cluster = compacted()
    const node = cluster.node('S2')
    node.restored.length = 0
    node.restart()
    expect(node.restored).toMatchObject([{ index: 9 }])
    expect(node.raft).toMatchObject({ commitIndex: 9, lastApplied: 9 })
  })

  it('replaces a log that disagrees with it, entry at its last index included (hashicorp#697)', () => {
    const cluster = TestCluster.withLogs([[], [1, 1, 1, 1], []], { term: 1 })
    cluster.deliver({
      type: 'InstallSnapshot',
      from: 'S1',
      to: 'S2',
      term: 3,
      lastIncludedIndex: 3,
      lastIncludedTerm: 2,
      configuration: cluster.raft('S1').configuration,
      offset: 0,
      data: new Uint8Array(4),
      totalBytes: 4,
      round: 1,
    })
    const s2 = cluster.node('S2')
    s2.flush()
    expect(s2.raft.log).toMatchObject({ snapshotIndex: 3, lastIndex: 3, lastTerm: 2, durableIndex: 3 })
    expect(s2.disk.entries).toEqual([])
  })

  it('keeps the entries after it if the log agrees at its last index', () => {
    const cluster = TestCluster.withLogs([[], [1, 1, 1, 1], []], { term: 1 })
    cluster.deliver({
      type: 'InstallSnapshot',
      from: 'S1',
      to: 'S2',
      term: 1,
      lastIncludedIndex: 3,
      lastIncludedTerm: 1,
      configuration: cluster.raft('S1').configuration,
      offset: 0,
      data: new Uint8Array(4),
      totalBytes: 4,
      round: 1,
    })
    const s2 = cluster.node('S2')
    s2.flush()
    expect(s2.raft.log).toMatchObject({ snapshotIndex: 3, lastIndex: 4 })
    expect(s2.disk.entries.map(({ index }) => index)).toEqual([4])
  })

  it('entries from before it, and others than those in it, change nothing: only what comes after is taken', () => {
    const cluster = compacted()
    const s2 = cluster.node('S2')
    const before = s2.raft.log.termAt(10)
    const { currentTerm: term } = s2.raft
    // Entries 6 to 9 of a term that nobody had are in the snapshot; 10 is ours.
    const others = [6, 7, 8, 9].map(index => ({ index, term, kind: 'command', data: Uint8Array.of(99) }) as const)
    const message = { type: 'AppendEntries', from: 'S1', to: 'S2', term, leaderCommit: 2 ** 40, round: 9 } as const
    cluster.deliver({ ...message, prevLogIndex: 5, prevLogTerm: term, entries: others })
    s2.flush()
    expect(s2.raft.log).toMatchObject({ snapshotIndex: 9, lastIndex: 11 })
    expect(s2.raft.log.termAt(10)).toBe(before)
    expect(s2.applied.some(({ data }) => data instanceof Uint8Array && data[0] === 99)).toBe(false)
    // A commit index beyond the log commits what was verified, and no more.
    cluster.deliver({ ...message, prevLogIndex: 11, prevLogTerm: s2.raft.log.termAt(11), entries: [] })
    expect(s2.raft.commitIndex).toBe(11)
  })

  it('asks the host for one when enough is applied, once', () => {
    const cluster = TestCluster.ofSize(1, { snapshotThresholdEntries: 5 })
    cluster.timeOut('S1')
    const { raft } = cluster.node('S1')
    let asked = 0
    for (let i = 0; i < 20; i++) {
      raft.propose(new Uint8Array(1), cluster.now)
      for (let output = raft.drain(); output !== undefined; output = raft.drain()) {
        if (output.compactionDue) asked++
        if (output.persist !== undefined) raft.step({ type: 'persisted', token: output.persist.token }, cluster.now)
      }
    }
    expect(asked).toBe(1)
  })

  it('asks again after a snapshot that left more than the bound behind it', () => {
    const cluster = TestCluster.ofSize(1, { snapshotThresholdEntries: 5 })
    cluster.timeOut('S1')
    const { raft } = cluster.node('S1')
    const asked = (): boolean => {
      let due = false
      for (let output = raft.drain(); output !== undefined; output = raft.drain()) {
        due ||= output.compactionDue
        if (output.persist !== undefined) raft.step({ type: 'persisted', token: output.persist.token }, cluster.now)
      }
      return due
    }
    for (let i = 0; i < 20; i++) raft.propose(new Uint8Array(1), cluster.now)
    expect(asked()).toBe(true)
    raft.step({ type: 'compact', index: 3, data: new Uint8Array(1) }, cluster.now)
    expect(asked()).toBe(true)
    raft.step({ type: 'compact', index: 20, data: new Uint8Array(1) }, cluster.now)
    expect(asked()).toBe(false)
  })
})
