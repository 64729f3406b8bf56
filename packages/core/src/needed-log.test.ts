import { describe, expect, it } from 'vitest'
import type { Entry, Snapshot } from './entry.ts'
import { TestCluster } from './fixtures/test-cluster.ts'
import { changeConfiguration, initialConfiguration } from './membership.ts'
import type { RaftOptions } from './options.ts'

/**
 * S1, S2 and S3 vote, S4 learns. S1 has led, and what makes S4 a voter is on its disk alone. S2 has led since, what it began its
 * term with is on S4's disk alone, and nobody reaches S2 any more.
 */
function leaderGoneButForALearner(options: Partial<RaftOptions>): TestCluster {
  const voters = ['S1', 'S2', 'S3']
  const learning = changeConfiguration(initialConfiguration(voters), [{ type: 'addLearner', id: 'S4' }])
  if (learning.kind !== 'next') throw new Error(learning.reason)
  const { configuration } = learning
  const voting = changeConfiguration(configuration, [{ type: 'addVoter', id: 'S4' }])
  if (voting.kind !== 'next') throw new Error(voting.reason)
  const snapshot: Snapshot = { index: 1, term: 1, configuration, data: new Uint8Array() }
  const ofS1: Entry = { index: 2, term: 1, kind: 'configuration', data: voting.configuration }
  const ofS2: Entry = { index: 2, term: 2, kind: 'noop', data: null }

  const cluster = new TestCluster()
  cluster.add('S1', { currentTerm: 1, votedFor: 'S1', snapshot, entries: [ofS1] }, options)
  cluster.add('S2', { currentTerm: 2, votedFor: 'S2', snapshot, entries: [ofS2] }, options)
  cluster.add('S3', { currentTerm: 2, votedFor: 'S2', snapshot, entries: [] }, options)
  // These timers are all drawn alike: without this, S1 and S4 would campaign at the same moment again and again.
  cluster.add(
    'S4',
    { currentTerm: 2, votedFor: undefined, snapshot, entries: [ofS2] },
    { ...options, electionTimeoutMs: 400 },
  )
  cluster.isolate('S2')
  return cluster
}

const leaderOf = (cluster: TestCluster, ...ids: string[]): string | undefined =>
  ids.find(id => cluster.raft(id).role === 'leader')

/** One message after the other, with every disk up to date, until it is so. */
function deliverUntil(cluster: TestCluster, isSo: () => boolean): void {
  while (!isSo()) {
    for (const node of cluster.nodes.values()) node.flush()
    const message = cluster.messages.shift()
    if (message !== undefined) cluster.deliver(message)
    else if (!isSo()) throw new Error('nothing more is said')
  }
}

describe.each([{ preVote: true }, { preVote: false }])(
  'a log that others need, at a node without a vote (preVote: $preVote)',
  options => {
    it('ends an election that nobody else can win: it leads until what it has is committed', () => {
      const cluster = leaderGoneButForALearner(options)
      expect(cluster.raft('S4').configuration.voters).toEqual(['S1', 'S2', 'S3'])
      expect(cluster.raft('S1').configuration.voters).toEqual(['S1', 'S2', 'S3', 'S4'])
      cluster.advance(20_000)
      expect(leaderOf(cluster, 'S1', 'S3')).toBeDefined()
      for (const id of ['S1', 'S3', 'S4']) {
        expect(cluster.raft(id).configuration.voters).toEqual(['S1', 'S2', 'S3'])
        expect(cluster.raft(id).commitIndex).toBeGreaterThan(2)
      }
      const roles = cluster.node('S4').trace.filter(({ type }) => type === 'role')
      expect(roles.at(-2)).toMatchObject({ role: 'leader' })
      expect(roles.at(-1)).toMatchObject({ role: 'follower', reason: 'no longer a voter' })
      expect(cluster.raft('S4').deadline).toBe(Number.POSITIVE_INFINITY)
    })

    it('campaigns once for each time that it is asked, and then waits for nothing', () => {
      const cluster = leaderGoneButForALearner(options)
      cluster.isolate('S3')
      while (cluster.raft('S4').role === 'follower') cluster.advance(50)
      cluster.isolate('S4')
      cluster.advance(10_000)
      expect(cluster.raft('S4')).toMatchObject({ role: 'follower', deadline: Number.POSITIVE_INFINITY })
    })

    it('has done what it was asked for when it has led, also if it was asked again meanwhile', () => {
      const cluster = leaderGoneButForALearner(options)
      const s4 = cluster.node('S4')
      const lacking = { lastLogIndex: 2, lastLogTerm: 1 }
      const ask = () => s4.receive({ type: 'RequestPreVote', from: 'S1', to: 'S4', term: 2, nextTerm: 99, ...lacking })
      ask()
      cluster.now = s4.raft.deadline
      s4.step({ type: 'tick' })
      ask()
      deliverUntil(cluster, () => s4.raft.role === 'leader')
      deliverUntil(cluster, () => s4.raft.role === 'follower')
      cluster.isolate('S4')
      cluster.advance(10_000)
      expect(s4.raft).toMatchObject({ role: 'follower', deadline: Number.POSITIVE_INFINITY })
      const roles = s4.trace.flatMap(event => (event.type === 'role' ? [event.role] : []))
      expect(roles.slice(roles.indexOf('leader'))).toEqual(['leader', 'follower'])
    })

    it('does not campaign where a leader is heard after all', () => {
      const cluster = leaderGoneButForALearner(options)
      cluster.isolate('S3')
      while (cluster.raft('S4').deadline === Number.POSITIVE_INFINITY) cluster.advance(50)
      cluster.heal()
      cluster.elect('S2')
      cluster.advance(100)
      expect(cluster.raft('S4')).toMatchObject({ role: 'follower', deadline: Number.POSITIVE_INFINITY, leader: 'S2' })
    })

    it('whoever was removed holds nobody up, when a voter that does not know it asks', () => {
      const cluster = TestCluster.ofSize(4, options)
      cluster.elect('S1')
      cluster.isolate('S4')
      cluster.node('S1').step({ type: 'changeMembership', changes: [{ type: 'remove', id: 'S1' }] })
      cluster.settle()
      cluster.advance(2_000)
      const leader = leaderOf(cluster, 'S2', 'S3')
      const { currentTerm } = cluster.raft(leader ?? '')
      // Only S1, which is no member any more, hears S4.
      cluster.heal()
      for (const id of ['S2', 'S3']) cluster.cut('S4', id)
      cluster.advance(20_000)
      expect(cluster.node('S1').trace).toContainEqual(
        expect.objectContaining({ type: 'role', role: options.preVote ? 'preCandidate' : 'candidate' }),
      )
      expect(cluster.raft(leader ?? '')).toMatchObject({ role: 'leader', currentTerm })
    })
  },
)
