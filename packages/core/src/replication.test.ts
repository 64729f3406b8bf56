import { describe, expect, it } from 'vitest'
import type { Entry } from './entry.ts'
import { logOf, TestCluster } from './fixtures/test-cluster.ts'
import type { AppendEntries, Message } from './messages.ts'

const append = (fields: Partial<AppendEntries> = {}): AppendEntries => ({
  type: 'AppendEntries',
  from: 'S1',
  to: 'S2',
  term: 3,
  prevLogIndex: 0,
  prevLogTerm: 0,
  entries: [],
  leaderCommit: 0,
  round: 1,
  ...fields,
})

/** An entry of term 3 at `index`, after a first entry of term 1. */
function appendOne(index: number, round: number): AppendEntries {
  const entry: Entry = { index, term: 3, kind: 'noop', data: null }
  return append({ prevLogIndex: index - 1, prevLogTerm: index === 2 ? 1 : 3, entries: [entry], round })
}

/** S2 with this log, and what it answers to a message, its disk being quick. */
function follower(terms: readonly number[]) {
  const cluster = TestCluster.withLogs([[], terms, []], { term: 3 })
  const answer = (message: Message): Message[] => {
    cluster.messages = []
    cluster.deliver(message)
    cluster.node('S2').flush()
    return cluster.messages
  }
  /** What it answers if all of them are there when it is drained. */
  const answerTogether = (...messages: Message[]): Message[] => {
    const node = cluster.node('S2')
    cluster.messages = []
    for (const message of messages) node.raft.receive(message, cluster.now)
    node.drain()
    node.flush()
    return cluster.messages
  }
  return { cluster, node: cluster.node('S2'), answer, answerTogether }
}

describe('AppendEntries, at the receiver (figure 2)', () => {
  it('1. answers false if term < currentTerm, and tells the later term', () => {
    const { answer } = follower([1])
    expect(answer(append({ term: 2 }))).toMatchObject([{ success: false, term: 3 }])
  })

  it('2. answers false if its log has no entry at prevLogIndex', () => {
    const { answer } = follower([1])
    expect(answer(append({ prevLogIndex: 2, prevLogTerm: 1 }))).toMatchObject([
      { success: false, hintIndex: 1, hintTerm: 1 },
    ])
  })

  it('2. answers false if its entry at prevLogIndex is of another term', () => {
    const { answer } = follower([1, 1])
    expect(answer(append({ prevLogIndex: 2, prevLogTerm: 2 }))).toMatchObject([{ success: false, rejectedIndex: 2 }])
  })

  it('3. deletes a conflicting entry and all that follow it', () => {
    const { answer, node } = follower([1, 1, 2, 2])
    const [, , third] = logOf([1, 1, 3])
    if (third === undefined) throw new Error('no entry')
    expect(answer(append({ prevLogIndex: 2, prevLogTerm: 1, entries: [third] }))).toMatchObject([
      { success: true, matchIndex: 3 },
    ])
    expect(node.terms).toEqual([1, 1, 3])
    expect(node.disk.entries.map(entry => entry.term)).toEqual([1, 1, 3])
  })

  it('3. keeps entries that do not conflict: a late AppendEntries takes nothing away (hashicorp#113)', () => {
    const { answer, node } = follower([1, 1, 1])
    expect(answer(append({ entries: logOf([1]) }))).toMatchObject([{ success: true, matchIndex: 1 }])
    expect(node.terms).toEqual([1, 1, 1])
  })

  it('3. a heartbeat truncates nothing (willemt#37)', () => {
    const { answer, node } = follower([1, 1, 2])
    answer(append({ prevLogIndex: 2, prevLogTerm: 1 }))
    expect(node.terms).toEqual([1, 1, 2])
  })

  it('4. appends what is new', () => {
    const { answer, node } = follower([1])
    answer(append({ entries: logOf([1, 2, 3]) }))
    expect(node.terms).toEqual([1, 2, 3])
  })

  it('answers once what came together: as far as the log goes now', () => {
    const { answerTogether } = follower([1])
    expect(answerTogether(appendOne(2, 1), appendOne(3, 1), appendOne(4, 1))).toMatchObject([{ matchIndex: 4 }])
  })

  it('answers the latest round of what came together: it heard the leader after that began, too', () => {
    const { answerTogether } = follower([1])
    expect(answerTogether(appendOne(2, 1), appendOne(3, 2))).toMatchObject([{ matchIndex: 3, round: 2 }])
  })

  it('answers twice where the later answer says less: to what is there already, in a later round', () => {
    const { answerTogether } = follower([1])
    expect(answerTogether(appendOne(2, 1), appendOne(3, 1), appendOne(2, 2))).toMatchObject([
      { matchIndex: 3, round: 1 },
      { matchIndex: 2, round: 2 },
    ])
  })

  it('answers with the rejection what came after one that is accepted', () => {
    const { answerTogether } = follower([1])
    expect(answerTogether(appendOne(2, 1), append({ prevLogIndex: 7, prevLogTerm: 3 }))).toMatchObject([
      { success: true, matchIndex: 2 },
      { success: false, rejectedIndex: 7 },
    ])
  })

  it('5. sets commitIndex to min(leaderCommit, index of the last new entry) (copycat#265)', () => {
    const { answer, node } = follower([1, 1, 2])
    answer(append({ entries: logOf([1, 1]), leaderCommit: 3 }))
    expect(node.raft.commitIndex).toBe(2)
    expect(node.applied.map(entry => entry.index)).toEqual([1, 2])
  })

  it('acknowledges no entry before it is durable', () => {
    const { cluster, node } = follower([1])
    cluster.deliver(append({ entries: logOf([1, 2]) }))
    expect(cluster.messages).toEqual([])
    node.flush()
    expect(cluster.messages).toMatchObject([{ success: true, matchIndex: 2 }])
  })

  it('nor when the same entries come again while the disk is still writing them (yugabyte#32875)', () => {
    const { cluster, node } = follower([1])
    cluster.deliver(append({ entries: logOf([1, 2]) }))
    cluster.deliver(append({ entries: logOf([1, 2]) }))
    expect(cluster.messages).toEqual([])
    node.flush()
    expect(cluster.messages).toHaveLength(2)
  })

  it('but answers a heartbeat at once, so that a slow disk does not look like a dead node', () => {
    const { cluster } = follower([1])
    cluster.deliver(append({ entries: logOf([1, 2]) }))
    cluster.deliver(append({ prevLogIndex: 1, prevLogTerm: 1 }))
    expect(cluster.messages).toMatchObject([{ success: true, matchIndex: 1 }])
  })

  it('a truncation takes back what an unfinished write would have made durable (ra#637)', () => {
    const { cluster, node } = follower([1])
    cluster.deliver(append({ entries: logOf([1, 2, 2]) }))
    const [, second] = logOf([1, 3])
    if (second === undefined) throw new Error('no entry')
    cluster.deliver(append({ prevLogIndex: 1, prevLogTerm: 1, entries: [second] }))
    node.flushOne()
    expect(node.raft.log.durableIndex).toBe(1)
    node.flushOne()
    expect(node.raft.log.durableIndex).toBe(2)
    expect(node.disk.entries.map(entry => entry.term)).toEqual([1, 3])
  })

  it('two leaders in one term cannot be: that throws', () => {
    const { answer, cluster } = follower([1])
    answer(append({ from: 'S1' }))
    expect(() => cluster.deliver(append({ from: 'S3' }))).toThrow(/Election Safety/)
  })
})

describe('replication, at the leader (§5.3)', () => {
  it('sends entries while its own disk is still writing them (dissertation §10.2.1)', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    cluster.propose('S1', 1)
    expect(cluster.messages.filter(({ type }) => type === 'AppendEntries')).toHaveLength(2)
    expect(cluster.node('S1').pending).toHaveLength(1)
  })

  it('commits without itself when a majority of the others is durable, but applies only what is on its own disk', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    cluster.propose('S1', 1)
    for (let i = 0; i < 3; i++) {
      for (const message of cluster.take(() => true)) cluster.deliver(message)
      cluster.node('S2').flush()
      cluster.node('S3').flush()
    }
    expect(cluster.raft('S1').commitIndex).toBe(2)
    expect(cluster.raft('S1').lastApplied).toBe(1)
    cluster.node('S1').flush()
    expect(cluster.raft('S1').lastApplied).toBe(2)
  })

  it('many steps and one drain make one AppendEntries and one unit (group commit)', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    for (let i = 0; i < 10; i++) cluster.raft('S1').propose(new Uint8Array([i]), cluster.now)
    cluster.node('S1').drain()
    const appends = cluster.take(message => message.type === 'AppendEntries' && message.to === 'S2')
    expect(appends).toMatchObject([{ entries: { length: 10 } }])
    expect(cluster.node('S1').pending).toMatchObject([{ entries: { length: 10 } }])
  })

  it('pipelines up to the inflight window, and goes on when answers come', () => {
    const cluster = TestCluster.ofSize(2, { maxInflightMessages: 3, maxEntriesPerMessage: 1 })
    cluster.timeOut('S1')
    for (let i = 0; i < 10; i++) cluster.propose('S1', i)
    expect(cluster.messages).toHaveLength(3)
    cluster.settle()
    expect(cluster.node('S2').terms).toHaveLength(11)
  })

  it('sends what was lost again', () => {
    const cluster = TestCluster.ofSize(2)
    cluster.timeOut('S1')
    cluster.propose('S1', 1)
    cluster.messages = []
    cluster.advance(1_000)
    expect(cluster.node('S2').terms).toEqual([1, 1])
  })

  it('an old acknowledgement moves nothing back (raft.tla#18, etcd-io/raft#149)', () => {
    const cluster = TestCluster.ofSize(2)
    cluster.timeOut('S1')
    cluster.propose('S1', 1)
    cluster.settle()
    const round = 2
    cluster.deliver({ type: 'AppendEntriesResult', from: 'S2', to: 'S1', term: 1, success: true, matchIndex: 1, round })
    cluster.deliver({
      type: 'AppendEntriesResult',
      from: 'S2',
      to: 'S1',
      term: 1,
      success: false,
      rejectedIndex: 1,
      hintIndex: 0,
      hintTerm: 0,
      round,
    })
    expect(cluster.raft('S1').status().followers).toMatchObject([{ matchIndex: 2, nextIndex: 3 }])
    expect(cluster.messages).toEqual([])
  })

  it('an acknowledgement of what was never sent is refused', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    cluster.deliver({
      type: 'AppendEntriesResult',
      from: 'S2',
      to: 'S1',
      term: 1,
      success: true,
      matchIndex: 99,
      round: 2,
    })
    expect(cluster.raft('S1').commitIndex).toBe(1)
  })

  it('refuses proposals past its bound of uncommitted bytes, and takes them again later', () => {
    const cluster = TestCluster.ofSize(3, { maxUncommittedBytes: 50 })
    cluster.timeOut('S1')
    for (let i = 0; i < 4; i++) cluster.propose('S1', i)
    expect(cluster.propose('S1', 9)).toMatchObject({ kind: 'Overloaded' })
    cluster.settle()
    expect(cluster.propose('S1', 9)).toMatchObject({ kind: 'command' })
  })

  it('many commands proposed in one call are one run in their order, as many as there is room for', () => {
    const cluster = TestCluster.ofSize(3, { maxUncommittedBytes: 50 })
    cluster.timeOut('S1')
    const { raft } = cluster.node('S1')
    const commands = [1, 2, 3, 4].map(byte => new Uint8Array([byte]))
    const taken = commands.slice(0, 3).map((data, i) => ({ index: 2 + i, term: 1, kind: 'command', data }))
    expect(raft.proposeAll(commands, cluster.now)).toEqual({ kind: 'appended', entries: taken })
    expect(raft.proposeAll(commands, cluster.now)).toEqual({ kind: 'Overloaded', uncommittedBytes: 51 })
    cluster.node('S1').drain()
    const sent = cluster.messages.flatMap(message => (message.type === 'AppendEntries' ? [message.entries.length] : []))
    expect(sent).toEqual([3, 3])
    cluster.settle()
    for (const node of cluster.nodes.values()) expect(node.applied.map(({ index }) => index)).toEqual([1, 2, 3, 4])
    expect(cluster.raft('S2').proposeAll(commands, cluster.now)).toEqual({ kind: 'NotLeader', leader: 'S1' })
  })

  it('a leader whose own disk hangs still takes what a majority of the others commits', () => {
    const cluster = TestCluster.ofSize(3, { maxUncommittedBytes: 50 })
    cluster.timeOut('S1')
    for (let i = 0; i < 9; i++) {
      expect(cluster.propose('S1', i)).toMatchObject({ kind: 'command' })
      for (let round = 0; round < 4; round++) {
        for (const message of cluster.take(() => true)) cluster.deliver(message)
        for (const id of ['S2', 'S3']) cluster.node(id).flush()
      }
    }
    expect(cluster.raft('S1').commitIndex).toBe(cluster.raft('S1').log.lastIndex)
    expect(cluster.raft('S1').log.durableIndex).toBe(1)
  })

  it('a leader whose own disk hangs did not stop taking what the others commit, until memory ran out', () => {
    const cluster = TestCluster.ofSize(3, { maxUncommittedBytes: 50 })
    cluster.timeOut('S1')
    let taken = 0
    while (taken < 100 && cluster.propose('S1', taken).kind === 'command') {
      taken++
      for (let round = 0; round < 4; round++) {
        for (const message of cluster.take(() => true)) cluster.deliver(message)
        for (const id of ['S2', 'S3']) cluster.node(id).flush()
      }
    }
    expect(taken).toBe(12)
    cluster.settle()
    expect(cluster.propose('S1', 9)).toMatchObject({ kind: 'command' })
  })

  it('the bytes of entries that replace a conflict are counted once', () => {
    const cluster = TestCluster.withLogs(
      [
        [1, 1],
        [1, 2, 2],
      ],
      { term: 3 },
    )
    const { log } = cluster.raft('S1')
    const entries = [2, 3].map(index => ({ index, term: 3, kind: 'noop', data: null }) as const)
    cluster.deliver({
      type: 'AppendEntries',
      from: 'S2',
      to: 'S1',
      term: 3,
      prevLogIndex: 1,
      prevLogTerm: 1,
      entries,
      leaderCommit: 0,
      round: 2,
    })
    expect(log.run(2, 3)).toBe(entries)
    expect(log.bytesBetween(1, 3)).toBe(32)
  })

  it('the news of a commit asks for no answer', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    cluster.settle()
    cluster.propose('S1', 1)
    const seen = { news: 0, answers: 0 }
    for (let round = 0; round < 6; round++) {
      for (const node of cluster.nodes.values()) node.flush()
      for (const message of cluster.take(() => true)) {
        if (message.type === 'AppendEntries' && message.entries.length === 0) seen.news++
        if (message.type === 'AppendEntriesResult') seen.answers++
        cluster.deliver(message)
      }
    }
    expect(seen).toEqual({ news: 2, answers: 2 })
    for (const node of cluster.nodes.values()) expect(node.raft.commitIndex).toBe(2)
  })

  it('a follower says who the leader is instead of appending', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    expect(cluster.propose('S2', 1)).toEqual({ kind: 'NotLeader', leader: 'S1' })
  })

  it('an idle cluster sends a heartbeat and its answer per follower and interval, and nothing else', () => {
    const cluster = TestCluster.ofSize(5)
    cluster.timeOut('S1')
    cluster.advance(1_000)
    let seen = 0
    for (let beat = 0; beat < 10; beat++) {
      cluster.now = cluster.raft('S1').deadline
      cluster.node('S1').step({ type: 'tick' })
      seen += cluster.messages.length
      for (const message of cluster.take(() => true)) cluster.deliver(message)
      seen += cluster.messages.length
      cluster.settle()
    }
    expect(seen).toBe(10 * 2 * 4)
  })
})

describe("the paper's figure 7", () => {
  const leader = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6]
  const followers = {
    a: [1, 1, 1, 4, 4, 5, 5, 6, 6],
    b: [1, 1, 1, 4],
    c: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
    d: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
    e: [1, 1, 1, 4, 4, 4, 4],
    f: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
  }
  const cluster = () => TestCluster.withLogs([leader, ...Object.values(followers)], { term: 7 })

  it('whoever votes for it, the leader of term 8 brings every log to its own', () => {
    const figure = cluster()
    figure.elect('S1')
    figure.advance(1_000)
    for (const node of figure.nodes.values()) expect(node.terms).toEqual([...leader, 8])
  })

  it('only a, b, e and f vote for it: c and d have logs that are more up-to-date', () => {
    const figure = cluster()
    figure.elect('S1')
    const granted = [...figure.nodes.values()].filter(({ trace }) =>
      trace.some(
        event =>
          event.type === 'vote' && event.candidate === 'S1' && event.term === 8 && !event.preVote && event.granted,
      ),
    )
    expect(granted.map(({ id }) => id)).toEqual(['S1', 'S2', 'S3', 'S6', 'S7'])
  })

  it('the hints need one rejection per follower and term of conflict, not one per entry', () => {
    const figure = cluster()
    figure.elect('S1')
    figure.advance(1_000)
    const rejections = [...figure.nodes.values()].map(
      ({ trace }) => trace.filter(event => event.type === 'refused' && event.what === 'AppendEntries').length,
    )
    expect(Math.max(...rejections)).toBeLessThanOrEqual(2)
  })
})
