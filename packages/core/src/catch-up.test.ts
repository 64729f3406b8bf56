/** That a follower which is behind is brought up to date, whatever is written meanwhile. */
import { describe, expect, it } from 'vitest'
import { TestCluster } from './fixtures/test-cluster.ts'
import { type Link, TimedLinks } from './fixtures/timed-links.ts'
import type { Message } from './messages.ts'
import type { RaftOptions } from './options.ts'

const MIB = 1024 * 1024

interface Days {
  readonly link: Link
  readonly stateBytes: number
  readonly writesPerMs: number
  readonly writeBytes: number
  readonly lose?: (message: Message) => boolean
  readonly options?: Partial<RaftOptions>
}

/** Three voters close together are written to, and compact; then S4 joins as a learner, over `link`. */
function newcomer(days: Days): { readonly cluster: TestCluster; readonly links: TimedLinks; readonly took: number } {
  const { link, stateBytes, writesPerMs, writeBytes, lose, options } = days
  const cluster = TestCluster.ofSize(3, { trace: false, ...options })
  const near: Link = { delayMs: 1, bytesPerMs: 100_000 }
  const links = new TimedLinks(cluster, ({ from, to }) => (from === 'S4' || to === 'S4' ? link : near), stateBytes)
  if (lose !== undefined) links.lose(message => (message.from === 'S4' || message.to === 'S4') && lose(message))
  cluster.elect('S1')
  const leader = cluster.node('S1')
  const data = new Uint8Array(writeBytes)
  let owed = 0
  const write = (): void => {
    for (owed += writesPerMs; owed >= 1; owed--) leader.propose(data)
  }
  const compacted = (): boolean => leader.raft.log.snapshotIndex > 0
  expect(links.runUntil(compacted, 60_000, write)).toBeDefined()

  cluster.add('S4', undefined, { trace: false, ...options })
  leader.step({ type: 'changeMembership', changes: [{ type: 'addLearner', id: 'S4' }] })
  const isCaughtUp = (): boolean =>
    leader.raft.status().followers.some(({ id, isCaughtUp }) => id === 'S4' && isCaughtUp)
  const took = links.runUntil(isCaughtUp, 120_000, write)
  if (took === undefined) throw new Error('it never caught up')
  expect(leader.raft.role).toBe('leader')
  return { cluster, links, took }
}

/** So that the log is compacted many times while one snapshot is under way by round trips. */
const often = { snapshotThresholdEntries: 1_000 }

describe('catching up', () => {
  it('a newcomer 100 ms away was sent snapshot after snapshot under steady writes, and never caught up', () => {
    const stateBytes = 6 * MIB
    const { links, took } = newcomer({
      link: { delayMs: 100, bytesPerMs: 10_000 },
      stateBytes,
      writesPerMs: 0.7,
      writeBytes: 100,
      options: often,
    })
    expect(links.sentTo('S4', 'InstallSnapshot')).toBeLessThan(1.01 * stateBytes)
    expect(took).toBeLessThan(3_000)
  })

  it('over a link that carries a little more than what is written', () => {
    const stateBytes = 2 * MIB
    const { links } = newcomer({
      link: { delayMs: 100, bytesPerMs: 1_000 },
      stateBytes,
      writesPerMs: 0.7,
      writeBytes: 1_000,
      options: { snapshotThresholdBytes: MIB },
    })
    expect(links.sentTo('S4', 'InstallSnapshot')).toBeLessThan(1.2 * stateBytes)
  })

  it('over a link that loses every tenth chunk and every tenth answer', () => {
    const stateBytes = 6 * MIB
    let count = 0
    const { links } = newcomer({
      link: { delayMs: 100, bytesPerMs: 10_000 },
      stateBytes,
      writesPerMs: 0.7,
      writeBytes: 100,
      options: often,
      lose: ({ type }) => (type === 'InstallSnapshot' || type === 'InstallSnapshotResult') && ++count % 10 === 0,
    })
    expect(links.sentTo('S4', 'InstallSnapshot')).toBeLessThan(1.5 * stateBytes)
  })

  it('with a window of one chunk, as slow as that is', () => {
    const { cluster } = newcomer({
      link: { delayMs: 20, bytesPerMs: 10_000 },
      stateBytes: MIB,
      writesPerMs: 0.1,
      writeBytes: 100,
      options: { maxInflightMessages: 1, snapshotThresholdEntries: 500 },
    })
    expect(cluster.raft('S4').log.snapshotIndex).toBeGreaterThan(0)
  })

  it('what is kept for it is let go once it is there', () => {
    const { cluster } = newcomer({
      link: { delayMs: 100, bytesPerMs: 10_000 },
      stateBytes: 6 * MIB,
      writesPerMs: 0.7,
      writeBytes: 100,
      options: { snapshotThresholdEntries: 500 },
    })
    cluster.advance(1_000)
    const { log } = cluster.raft('S1')
    expect(log.snapshotIndex - log.keptIndex).toBeLessThan(300)
  })
})

describe('a follower whose disk stands still', () => {
  const near: Link = { delayMs: 1, bytesPerMs: 100_000 }

  it('for 10 s was sent 25 MB for 1 MB proposed, because it answered heartbeats', () => {
    const cluster = TestCluster.ofSize(3, { trace: false })
    const links = new TimedLinks(cluster, () => near, 0)
    cluster.elect('S1')
    links.standing.add('S3')
    const data = new Uint8Array(1_000)
    const propose = (ms: number): void => {
      if (ms < 1_000) cluster.node('S1').propose(data)
    }
    links.runUntil(() => false, 10_000, propose)
    expect(links.sentTo('S3', 'AppendEntries')).toBeLessThan(1.2 * MIB)
    links.standing.clear()
    const { log } = cluster.raft('S1')
    const isThere = (): boolean => cluster.raft('S3').log.durableIndex === log.lastIndex
    expect(links.runUntil(isThere, 1_000, () => undefined)).toBeDefined()
    // It was slow, and nothing was lost: nothing is sent twice.
    expect(links.sentTo('S3', 'AppendEntries')).toBeLessThan(1.2 * MIB)
  })

  it('does not look gone, and gets what was lost meanwhile', () => {
    const cluster = TestCluster.ofSize(3, { trace: false })
    const links = new TimedLinks(cluster, () => near, 0)
    cluster.elect('S1')
    let losing = true
    links.lose(({ to, type }) => losing && to === 'S3' && type === 'AppendEntries' && cluster.now % 2 === 0)
    const propose = (ms: number): void => {
      if (ms < 500) cluster.node('S1').propose(new Uint8Array(1_000))
    }
    links.runUntil(() => false, 600, propose)
    losing = false
    const { log } = cluster.raft('S1')
    expect(links.runUntil(() => cluster.raft('S3').log.durableIndex === log.lastIndex, 2_000, propose)).toBeDefined()
  })
})

describe('snapshots in memory', () => {
  it('are two at most, however many followers are on their way', () => {
    const cluster = TestCluster.ofSize(3, { trace: false, snapshotThresholdEntries: 300 })
    const near: Link = { delayMs: 1, bytesPerMs: 100_000 }
    const far: Link = { delayMs: 50, bytesPerMs: 500 }
    const links = new TimedLinks(cluster, ({ to }) => (to >= 'S4' ? far : near), MIB)
    cluster.elect('S1')
    const leader = cluster.node('S1')
    let most = 0
    const day = (ms: number): void => {
      leader.propose(new Uint8Array(100))
      if (ms % 1_000 === 500 && ms < 6_000) {
        const id = `S${4 + Math.floor(ms / 1_000)}`
        cluster.add(id, undefined, { trace: false })
        leader.step({ type: 'changeMembership', changes: [{ type: 'addLearner', id }] })
      }
      const followers = leader.raft.leadership?.followers ?? []
      const alive = new Set([leader.raft.snapshot, ...followers.map(({ outgoing }) => outgoing?.snapshot)])
      alive.delete(undefined)
      most = Math.max(most, alive.size)
    }
    const isThere = (): boolean =>
      cluster.nodes.size === 9 &&
      [...cluster.nodes.values()].every(({ raft }) => raft.commitIndex > leader.raft.commitIndex - 300)
    expect(links.runUntil(isThere, 60_000, day)).toBeDefined()
    expect(most).toBe(2)
  })

  it('that are half sent end with the term of who sent them: a leader kept a half-received one', () => {
    const cluster = TestCluster.ofSize(3)
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
      totalBytes: 8,
      round: 1,
    })
    expect(cluster.raft('S2').incoming).toBeDefined()
    cluster.elect('S2')
    expect(cluster.raft('S2').incoming).toBeUndefined()
  })
})
