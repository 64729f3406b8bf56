import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { TestCluster } from './fixtures/test-cluster.ts'
import { defaultOptions } from './index.ts'
import { Patience } from './patience.ts'

const options = { ...defaultOptions, electionTimeoutMs: 500, electionTimeoutStretch: 8 }

describe('the election timeout in force', () => {
  test('stays as it is while waits are those of any day', () => {
    const patience = new Patience(options)
    patience.waited(250, 1_000)
    expect(patience.electionTimeoutMs(1_000)).toBe(500)
  })

  test('is twice the longest wait, and comes back when that is over', () => {
    const patience = new Patience(options)
    patience.waited(400, 1_000)
    expect(patience.electionTimeoutMs(1_000)).toBe(800)
    patience.waited(300, 1_100)
    expect(patience.electionTimeoutMs(1_100)).toBeGreaterThan(600)
    expect(patience.electionTimeoutMs(10_000)).toBe(500)
  })

  test('at most doubles by one wait, however long: a night’s sleep or a partition says little of the next', () => {
    const patience = new Patience(options)
    patience.waited(3_600_000, 1_000)
    expect(patience.electionTimeoutMs(1_000)).toBe(1_000)
  })

  test('with a stretch of 1 never changes', () => {
    const patience = new Patience({ ...options, electionTimeoutStretch: 1 })
    patience.waited(10_000, 1_000)
    expect(patience.electionTimeoutMs(1_000)).toBe(500)
  })

  test('whatever happens, is never shorter than the option nor longer than its bound, and is the option again in the end', () => {
    const wait = fc.record({
      ms: fc.double({ min: 0, max: 1e6, noNaN: true }),
      after: fc.integer({ min: 0, max: 5_000 }),
    })
    fc.assert(
      fc.property(fc.array(wait), fc.double({ min: 1, max: 100, noNaN: true }), (waits, electionTimeoutStretch) => {
        const patience = new Patience({ ...options, electionTimeoutStretch })
        let now = 0
        for (const { ms, after } of waits) {
          now += after
          const before = patience.electionTimeoutMs(now)
          patience.waited(ms, now)
          const timeoutMs = patience.electionTimeoutMs(now)
          expect(timeoutMs).toBeGreaterThanOrEqual(before)
          expect(timeoutMs).toBeLessThanOrEqual(Math.max(500, 500 * electionTimeoutStretch))
        }
        expect(patience.electionTimeoutMs(now + 8 * 500 * electionTimeoutStretch)).toBe(500)
      }),
    )
  })
})

describe('on a starved machine', () => {
  it('a follower whose own timer was late listens once more before it campaigns', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.elect('S1')
    const s2 = cluster.node('S2')
    cluster.now = s2.raft.deadline + 400
    s2.step({ type: 'tick' })
    expect(s2.raft.role).toBe('follower')
    expect(s2.raft.deadline).toBeGreaterThan(cluster.now)

    // Once: where timers are always late, there must be elections all the same.
    cluster.now = s2.raft.deadline + 400
    s2.step({ type: 'tick' })
    expect(s2.raft.role).toBe('preCandidate')
  })

  it('the only voter waits for nobody, late or not', () => {
    const cluster = TestCluster.ofSize(1)
    cluster.now = 10_000
    cluster.node('S1').step({ type: 'tick' })
    cluster.settle()
    expect(cluster.raft('S1').role).toBe('leader')
  })

  it('a leader whose own timer was late hears what waits for it before it judges whom it hears, once', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.elect('S1')
    cluster.advance(200)
    cluster.isolate('S1')
    const s1 = cluster.node('S1')
    cluster.now = s1.raft.deadline + 600
    s1.step({ type: 'tick' })
    expect(s1.raft.role).toBe('leader')
    const mostMs = 2 * s1.raft.status().electionTimeoutMs
    for (const end = cluster.now + mostMs; cluster.now < end; ) {
      cluster.now = s1.raft.deadline + (s1.raft.role === 'leader' ? 300 : 0)
      s1.step({ type: 'tick' })
    }
    expect(s1.raft.role).not.toBe('leader')
  })

  it('candidates stretch their timeout by how late votes come: where no leader can be heard, patience does not run out', () => {
    const cluster = TestCluster.ofSize(3)
    const s1 = cluster.node('S1')
    cluster.now = s1.raft.deadline
    s1.step({ type: 'tick' })
    expect(s1.raft.role).toBe('preCandidate')
    const answer = () => cluster.messages.find(({ type, to }) => type.endsWith('Result') && to === 'S1')
    for (const question of cluster.messages.filter(({ to }) => to === 'S2')) cluster.node('S2').receive(question)
    const late = answer()
    if (late === undefined) throw new Error('S2 did not answer')
    cluster.now += 400
    s1.receive(late)
    expect(s1.raft.role).toBe('candidate')
    expect(s1.raft.status().electionTimeoutMs).toBe(800)
  })

  it('followers stretch their timeout by the gaps between heartbeats, leaders by those between answers, and a new leader’s first word is no gap', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.elect('S1')
    const timeout = (id: string): number => cluster.raft(id).status().electionTimeoutMs
    expect(['S1', 'S2', 'S3'].map(timeout)).toEqual([500, 500, 500])
    cluster.cut('S1', 'S2')
    cluster.advance(400)
    cluster.heal()
    cluster.advance(100)
    expect(timeout('S2')).toBeGreaterThan(800)
    expect(timeout('S1')).toBeGreaterThan(800)
    expect(timeout('S3')).toBe(500)

    const crashed = TestCluster.ofSize(3)
    crashed.elect('S1')
    crashed.advance(300)
    crashed.isolate('S1')
    crashed.timeOut('S2')
    crashed.advance(300)
    expect(crashed.raft('S2').role).toBe('leader')
    expect(['S2', 'S3'].map(id => crashed.raft(id).status().electionTimeoutMs)).toEqual([500, 500])
  })
})
