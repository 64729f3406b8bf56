import { describe, expect, it } from 'vitest'
import { TestCluster } from './fixtures/test-cluster.ts'
import type { MembershipChange } from './membership.ts'
import type { Message, RequestVote } from './messages.ts'

const voteRequest = (fields: Partial<RequestVote> = {}): RequestVote => ({
  type: 'RequestVote',
  from: 'S3',
  to: 'S1',
  term: 5,
  lastLogIndex: 9,
  lastLogTerm: 4,
  leadershipTransfer: false,
  ...fields,
})

/** What S1 answers once its disk is flushed. */
function answersOf(cluster: TestCluster, message: Message): Message[] {
  cluster.messages = []
  cluster.deliver(message)
  cluster.node('S1').flush()
  return cluster.messages
}

describe('elections (§5.2)', () => {
  it('a follower that hears from no leader for its election timeout becomes candidate and wins with a majority', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    expect(cluster.raft('S1')).toMatchObject({ role: 'leader', currentTerm: 1, leader: 'S1' })
    expect(cluster.raft('S2')).toMatchObject({ role: 'follower', currentTerm: 1, leader: 'S1', votedFor: 'S1' })
  })

  it('election timeouts are drawn from [electionTimeoutMs, 2 × electionTimeoutMs)', () => {
    const { raft } = TestCluster.ofSize(3).node('S1')
    expect(raft.deadline).toBe(750)
  })

  it('a node alone is its own majority, once its vote is durable', () => {
    const cluster = TestCluster.ofSize(1)
    const node = cluster.node('S1')
    expect(node.raft.deadline).toBe(cluster.now) // there is nobody to wait for
    node.step({ type: 'tick' })
    expect(node.raft.role).toBe('candidate')
    expect(node.raft.deadline).toBeGreaterThan(cluster.now)
    node.flush()
    expect(node.raft.role).toBe('leader')
  })

  it('whom its leader makes the only voter waits its time all the same: the leader still leads', () => {
    const cluster = TestCluster.ofSize(2)
    cluster.timeOut('S1')
    cluster.node('S1').step({ type: 'changeMembership', changes: [{ type: 'demote', id: 'S1' }] })
    const [append] = cluster.take(message => message.type === 'AppendEntries')
    if (append === undefined) throw new Error('nothing was sent')
    cluster.deliver(append)
    expect(cluster.raft('S2').configuration.voters).toEqual(['S2'])
    expect(cluster.raft('S2').deadline).toBeGreaterThanOrEqual(cluster.now + 500)
  })

  it('a leader that hears of a later term steps down at once (figure 2, all servers)', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    cluster.deliver({
      type: 'AppendEntriesResult',
      from: 'S2',
      to: 'S1',
      term: 9,
      success: false,
      rejectedIndex: 0,
      hintIndex: 0,
      hintTerm: 0,
      round: 1,
    })
    expect(cluster.raft('S1')).toMatchObject({ role: 'follower', currentTerm: 9, leader: undefined })
  })

  it('a candidate that hears the leader of its own term follows it (§5.2; d-engine#340)', () => {
    const cluster = TestCluster.ofSize(3, { preVote: false })
    const s2 = cluster.node('S2')
    cluster.now = s2.raft.deadline
    s2.step({ type: 'tick' })
    expect(s2.raft.role).toBe('candidate')
    cluster.deliver({
      type: 'AppendEntries',
      from: 'S1',
      to: 'S2',
      term: 1,
      prevLogIndex: 0,
      prevLogTerm: 0,
      entries: [],
      leaderCommit: 0,
      round: 1,
    })
    expect(s2.raft).toMatchObject({ role: 'follower', leader: 'S1', currentTerm: 1 })
  })

  it('a split vote elects nobody; the next timeout resolves it (§5.2)', () => {
    const cluster = TestCluster.ofSize(4, { preVote: false, electionTimeoutStretch: 1 })
    cluster.now = 10_000
    cluster.node('S1').step({ type: 'tick' })
    cluster.node('S2').step({ type: 'tick' })
    for (const node of cluster.nodes.values()) node.flush()
    const requests = cluster.take(message => message.type === 'RequestVote')
    for (const request of requests) {
      if ((request.from === 'S1') === (request.to === 'S3')) cluster.deliver(request)
    }
    cluster.settle()
    expect(cluster.raft('S1').role).toBe('candidate')
    expect(cluster.raft('S2').role).toBe('candidate')
    cluster.timeOut('S1')
    expect(cluster.raft('S1')).toMatchObject({ role: 'leader', currentTerm: 2 })
  })

  it('counts an answer of an earlier term for nothing (little-raft#44)', () => {
    const cluster = TestCluster.ofSize(3, { preVote: false })
    const s1 = cluster.node('S1')
    for (let term = 1; term <= 2; term++) {
      cluster.now = s1.raft.deadline
      s1.step({ type: 'tick' })
      s1.flush()
    }
    cluster.deliver({ type: 'RequestVoteResult', from: 'S2', to: 'S1', term: 1, granted: true })
    expect(s1.raft).toMatchObject({ role: 'candidate', currentTerm: 2 })
  })

  it('counts a voter once, however often it answers (xraft#27)', () => {
    const cluster = TestCluster.ofSize(5, { preVote: false })
    const s1 = cluster.node('S1')
    cluster.now = s1.raft.deadline
    s1.step({ type: 'tick' })
    s1.flush()
    for (let i = 0; i < 3; i++) {
      cluster.deliver({ type: 'RequestVoteResult', from: 'S2', to: 'S1', term: 1, granted: true })
    }
    expect(s1.raft.role).toBe('candidate')
  })

  it('counts nobody who has no vote (hashicorp#308)', () => {
    const cluster = TestCluster.ofSize(3, { preVote: false })
    const s1 = cluster.node('S1')
    cluster.now = s1.raft.deadline
    s1.step({ type: 'tick' })
    s1.flush()
    cluster.deliver({ type: 'RequestVoteResult', from: 'stranger', to: 'S1', term: 1, granted: true })
    expect(s1.raft.role).toBe('candidate')
  })

  it.each<[string, MembershipChange[]]>([
    ['a learner', [{ type: 'addLearner', id: 'S4' }]],
    [
      'whoever was removed',
      [
        { type: 'addLearner', id: 'S4' },
        { type: 'addVoter', id: 'S4' },
        { type: 'remove', id: 'S4' },
      ],
    ],
  ])('counts no vote of %s', (_, changes) => {
    const cluster = TestCluster.ofSize(3, { preVote: false })
    cluster.add('S4')
    cluster.elect('S1')
    for (const change of changes) {
      expect(cluster.node('S1').step({ type: 'changeMembership', changes: [change] }).kind).toBe('configuration')
      cluster.settle()
    }
    const s2 = cluster.node('S2')
    cluster.now = s2.raft.deadline
    s2.step({ type: 'tick' })
    s2.flush()
    cluster.messages = []
    const vote = { type: 'RequestVoteResult', to: 'S2', term: s2.raft.currentTerm, granted: true } as const
    cluster.deliver({ ...vote, from: 'S4' })
    expect(s2.raft.role).toBe('candidate')
    cluster.deliver({ ...vote, from: 'S3' })
    expect(s2.raft.role).toBe('leader')
  })
})

describe('granting votes (§5.2, §5.4.1)', () => {
  const withLog = () => TestCluster.withLogs([[1, 1, 2], [], []], { term: 2 })

  it('votes for one candidate in a term, first come first served, and again for the same one', () => {
    const cluster = withLog()
    expect(answersOf(cluster, voteRequest({ from: 'S3' }))).toMatchObject([{ granted: true, term: 5 }])
    expect(answersOf(cluster, voteRequest({ from: 'S2' }))).toMatchObject([{ granted: false }])
    expect(answersOf(cluster, voteRequest({ from: 'S3' }))).toMatchObject([{ granted: true }])
  })

  it('refuses a candidate of an earlier term, and tells it the later one', () => {
    expect(answersOf(withLog(), voteRequest({ term: 1 }))).toMatchObject([{ granted: false, term: 2 }])
  })

  it.each([
    { lastLogTerm: 2, lastLogIndex: 3, granted: true, why: 'equal logs' },
    { lastLogTerm: 2, lastLogIndex: 4, granted: true, why: 'the same last term, a longer log' },
    { lastLogTerm: 2, lastLogIndex: 2, granted: false, why: 'the same last term, a shorter log' },
    { lastLogTerm: 1, lastLogIndex: 9, granted: false, why: 'a longer log that ends in an earlier term' },
    { lastLogTerm: 3, lastLogIndex: 1, granted: true, why: 'a shorter log that ends in a later term' },
  ])('the election restriction: $why → $granted', ({ granted, ...log }) => {
    expect(answersOf(withLog(), voteRequest(log))).toMatchObject([{ granted }])
  })

  it('sends no vote before it is durable (figure 2, "updated on stable storage before responding")', () => {
    const cluster = withLog()
    cluster.deliver(voteRequest())
    expect(cluster.messages).toEqual([])
    cluster.node('S1').flush()
    expect(cluster.messages).toMatchObject([{ type: 'RequestVoteResult', granted: true }])
    expect(cluster.node('S1').disk).toMatchObject({ currentTerm: 5, votedFor: 'S3' })
  })

  it('remembers its vote across a restart (skiff)', () => {
    const cluster = withLog()
    answersOf(cluster, voteRequest({ from: 'S3' }))
    cluster.node('S1').restart()
    expect(answersOf(cluster, voteRequest({ from: 'S2' }))).toMatchObject([{ granted: false }])
  })

  it('sends no request for votes before the new term and its own vote are durable (nebula#3415)', () => {
    const cluster = TestCluster.ofSize(3, { preVote: false })
    const s1 = cluster.node('S1')
    cluster.now = s1.raft.deadline
    s1.step({ type: 'tick' })
    expect(cluster.messages).toEqual([])
    s1.flush()
    expect(cluster.messages.map(message => message.type)).toEqual(['RequestVote', 'RequestVote'])
    expect(s1.disk).toMatchObject({ currentTerm: 1, votedFor: 'S1' })
  })

  it('a learner votes when asked: the configuration it lacks may have made it a voter (raft-rs#57)', () => {
    const cluster = new TestCluster()
    cluster.add('S1')
    expect(answersOf(cluster, voteRequest())).toMatchObject([{ granted: true }])
  })

  it('a node without a vote never campaigns', () => {
    const cluster = new TestCluster()
    expect(cluster.add('S1').raft.deadline).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a living leader is defended (dissertation §4.2.3)', () => {
  it('a follower that hears the leader ignores candidates, and keeps its term', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S2')
    expect(answersOf(cluster, voteRequest({ term: 9, from: 'S3' }))).toMatchObject([{ granted: false, term: 1 }])
    expect(cluster.raft('S1').currentTerm).toBe(1)
  })

  it('unless the leader itself asked for the election', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S2')
    const request = voteRequest({ term: 2, from: 'S3', leadershipTransfer: true })
    expect(answersOf(cluster, request)).toMatchObject([{ granted: true, term: 2 }])
  })

  it('or has not been heard for an election timeout', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S2')
    cluster.now += 500
    expect(answersOf(cluster, voteRequest({ term: 9 }))).toMatchObject([{ granted: true, term: 9 }])
  })
})

describe('pre-vote (dissertation §9.6)', () => {
  it('a node cut off does not raise its term, and disturbs nobody when it comes back', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    cluster.isolate('S3')
    cluster.advance(10_000)
    expect(cluster.raft('S3').currentTerm).toBe(1)
    cluster.heal()
    cluster.advance(2_000)
    expect(cluster.raft('S1')).toMatchObject({ role: 'leader', currentTerm: 1 })
    expect(cluster.raft('S3').leader).toBe('S1')
  })

  it('without it the same node deposes the leader', () => {
    const cluster = TestCluster.ofSize(3, { preVote: false })
    cluster.timeOut('S1')
    cluster.isolate('S3')
    cluster.advance(10_000)
    expect(cluster.raft('S3').currentTerm).toBeGreaterThan(5)
    cluster.heal()
    cluster.advance(2_000)
    expect(cluster.raft('S1').currentTerm).toBeGreaterThan(5)
  })

  it('grants change neither term nor vote nor timer', () => {
    const cluster = TestCluster.ofSize(3)
    const before = cluster.raft('S1').deadline
    const answers = answersOf(cluster, {
      type: 'RequestPreVote',
      from: 'S2',
      to: 'S1',
      term: 0,
      nextTerm: 1,
      lastLogIndex: 0,
      lastLogTerm: 0,
    })
    expect(answers).toMatchObject([{ type: 'RequestPreVoteResult', granted: true, term: 0, nextTerm: 1 }])
    expect(cluster.raft('S1')).toMatchObject({ currentTerm: 0, votedFor: undefined, deadline: before })
  })

  it('a refusal with a later term is learned from, so that somebody can win in the end (etcd#8501)', () => {
    const cluster = TestCluster.ofSize(2)
    cluster.raft('S2').currentTerm = 7
    cluster.timeOut('S1')
    expect(cluster.raft('S1').currentTerm).toBe(7)
    cluster.timeOut('S1')
    expect(cluster.raft('S1')).toMatchObject({ role: 'leader', currentTerm: 8 })
  })
})

describe('check-quorum (dissertation §6.2)', () => {
  it('a leader that hears from no majority for an election timeout steps down', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    cluster.isolate('S1')
    cluster.advance(1_000)
    expect(cluster.raft('S1')).toMatchObject({ role: 'follower', leader: undefined })
  })

  it('a leader that still hears from a majority stays', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    cluster.isolate('S3')
    cluster.advance(10_000)
    expect(cluster.raft('S1')).toMatchObject({ role: 'leader', currentTerm: 1 })
  })

  it('a leader alone did not wait for the answer of the voter it had just added', () => {
    const cluster = TestCluster.ofSize(1)
    cluster.timeOut('S1')
    cluster.add('S2')
    cluster.advance(2_000)
    const leader = cluster.node('S1')
    const added = leader.raft.deadline - 1
    cluster.now = added
    leader.step({ type: 'changeMembership', changes: [{ type: 'addVoter', id: 'S2' }] })
    // What S2 answers is on its way for longer than a heartbeat, and for less than an election timeout.
    while (leader.raft.deadline < added + 500) {
      cluster.now = leader.raft.deadline
      leader.step({ type: 'tick' })
      leader.flush()
    }
    expect(leader.raft.role).toBe('leader')
    expect(leader.raft.status().followers).toMatchObject([{ id: 'S2', lastHeardAt: undefined }])
    cluster.settle()
    expect(leader.raft.commitIndex).toBe(leader.raft.log.lastIndex)
  })

  it('a voter that was added and is not heard within an election timeout counts as silent', () => {
    const cluster = TestCluster.ofSize(1)
    cluster.timeOut('S1')
    cluster.node('S1').step({ type: 'changeMembership', changes: [{ type: 'addVoter', id: 'S2' }] })
    cluster.advance(1_000)
    expect(cluster.raft('S1').role).not.toBe('leader')
  })
})

describe('resume', () => {
  it('a leader that was frozen is a follower afterwards, and nothing from before is trusted', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    cluster.node('S1').step({ type: 'resume' })
    expect(cluster.raft('S1')).toMatchObject({ role: 'follower', leader: undefined })
    expect(cluster.raft('S1').deadline).toBeGreaterThan(cluster.now)
  })
})
