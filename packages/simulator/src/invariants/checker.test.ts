/** Each invariant is shown one thing that must not happen, made up, after a harmless history; and that history alone passes. */
import type {
  AppendEntriesAccepted,
  Configuration,
  Entry,
  MembershipChange,
  Message,
  PersistUnit,
  RaftStatus,
  Snapshot,
} from '@flotilla/core'
import { changeConfiguration, emptyState, initialConfiguration } from '@flotilla/core'
import { describe, expect, test } from 'vitest'
import { encodeCommand } from '../ground/command.ts'
import { boundedLog } from './bounded-log.ts'
import { boundedMemory } from './bounded-memory.ts'
import { Checker, coreInvariants } from './checker.ts'
import { freshDeadline } from './fresh-deadline.ts'
import type { InvariantFactory } from './invariant.ts'
import { leaseExclusion } from './lease-exclusion.ts'
import { readRounds } from './read-rounds.ts'
import { stickiness } from './stickiness.ts'

const configuration = initialConfiguration(['a', 'b', 'c'])
const first: Entry = { index: 1, term: 1, kind: 'configuration', data: configuration }
const noop = (index: number, term: number): Entry => ({ index, term, kind: 'noop', data: null })
const write = (index: number, term: number, operation: number): Entry => ({
  index,
  term,
  kind: 'command',
  data: encodeCommand(operation, 0, 0),
})

const memoryBounds = {
  maxEntriesPerMessage: 3,
  maxBytesPerMessage: 30,
  maxInflightMessages: 2,
  maxInflightBytes: 20,
  maxUncommittedBytes: 40,
  snapshotChunkBytes: 4,
}
const timing = { electionTimeoutMs: 500, clockDriftBound: 1 }
const allInvariants = [
  ...coreInvariants,
  boundedLog(5, 0),
  boundedMemory(memoryBounds),
  stickiness(timing),
  freshDeadline(timing),
  leaseExclusion(timing),
  readRounds({}),
]
/** Where leaders read by their leases. */
const leaseReads = { ...timing, leaseReads: true }

/** Three nodes and the words to tell what they do. */
class Scene {
  readonly checker: Checker
  readonly #tokens = new Map<string, number>()
  readonly #statuses = new Map<string, RaftStatus>()

  constructor(invariants: readonly InvariantFactory[] = allInvariants) {
    this.checker = new Checker(invariants)
    for (const id of ['a', 'b', 'c']) {
      this.checker.started(id, { ...emptyState, currentTerm: 1, entries: [first] })
      this.#statuses.set(id, statusOf(id))
      this.step(id, {})
    }
  }

  /** The node says this of itself after a step, and hands out that unit. */
  step(id: string, change: Partial<RaftStatus>, unit?: Partial<PersistUnit>): void {
    const status = { ...(this.#statuses.get(id) ?? statusOf(id)), ...change }
    this.#statuses.set(id, status)
    const token = (this.#tokens.get(id) ?? 0) + 1
    if (unit !== undefined) this.#tokens.set(id, token)
    const none = { token, hardState: undefined, snapshot: undefined, truncateFrom: 0, entries: [] }
    this.checker.stepped(id, status, unit === undefined ? undefined : { ...none, ...unit })
  }

  flush(...ids: string[]): void {
    for (const id of ids) this.checker.durable(id)
  }

  vote(id: string, term: number, votedFor: string): void {
    this.step(id, { currentTerm: term, votedFor, role: 'follower' }, { hardState: { currentTerm: term, votedFor } })
    this.flush(id)
  }

  /** `a` leads term 2 with the votes of `a` and `b`. */
  elect(): this {
    this.vote('a', 2, 'a')
    this.vote('b', 2, 'a')
    this.step('a', { role: 'leader', lastIndex: 2, lastTerm: 2 }, { entries: [noop(2, 2)] })
    this.flush('a')
    return this
  }

  /** And its first entry is on two disks, committed, and applied by both. */
  commit(): this {
    this.elect()
    this.step('b', { lastIndex: 2, lastTerm: 2 }, { entries: [noop(2, 2)] })
    this.flush('b')
    this.step('a', { commitIndex: 2, lastApplied: 2 })
    this.step('b', { commitIndex: 2, lastApplied: 2 })
    for (const id of ['a', 'b']) {
      this.checker.applied(id, first, 11)
      this.checker.applied(id, noop(2, 2), 12)
    }
    return this
  }

  send(message: Message): void {
    this.checker.sent(message.from, message)
  }

  /** It takes the message, answers it by these, and says this of itself afterwards. */
  receive(message: Message, change: Partial<RaftStatus> = {}, ...answers: Message[]): void {
    const { to } = message
    this.checker.receiving(to, message)
    this.step(to, change)
    for (const answer of answers) this.send(answer)
    this.checker.received(to, message, 0)
  }

  /** `b` hears the leader of term 2, and would campaign after so long. */
  hear(deadline = 500): void {
    this.checker.ghost.view('b').deadline = deadline
    this.receive(appends([]), { role: 'follower', leader: 'a' })
  }

  /** The leader of term 2 appends this to its log, and it becomes durable there. */
  append(...entries: Entry[]): void {
    const last = entries.at(-1)
    if (last !== undefined) this.step('a', { lastIndex: last.index, lastTerm: last.term }, { entries })
    this.flush('a')
  }

  get found(): string[] {
    return [...new Set(this.checker.violations.map(({ property }) => property))]
  }
}

function statusOf(id: string): RaftStatus {
  return {
    id,
    role: 'follower',
    currentTerm: 1,
    votedFor: undefined,
    leader: undefined,
    firstIndex: 1,
    lastIndex: 1,
    lastTerm: 1,
    commitIndex: 0,
    lastApplied: 0,
    durableIndex: 1,
    snapshotIndex: 0,
    configuration,
    configurationIndex: 1,
    transferringTo: undefined,
    electionTimeoutMs: 750,
    followers: [],
  }
}

const accepted = (from: string, to: string, term: number, matchIndex: number): AppendEntriesAccepted => ({
  type: 'AppendEntriesResult',
  from,
  to,
  term,
  success: true,
  matchIndex,
  round: 1,
})

function changed(...changes: MembershipChange[]): Configuration {
  const next = changeConfiguration(configuration, changes)
  if (next.kind !== 'next') throw new Error(next.kind)
  return next.configuration
}

const appends = (entries: readonly Entry[]): Message => {
  const place = { prevLogIndex: 2, prevLogTerm: 2, leaderCommit: 2, round: 1 }
  return { type: 'AppendEntries', from: 'a', to: 'b', term: 2, entries, ...place }
}

/** Entries of 5 bytes each. */
const writes = (from: number, to: number): Entry[] =>
  Array.from({ length: to - from + 1 }, (_, i) => write(from + i, 2, from + i))

const request = (from: string, to: string, term: number, leadershipTransfer = false): Message => {
  return { type: 'RequestVote', from, to, term, lastLogIndex: 9, lastLogTerm: 2, leadershipTransfer }
}
const refusal = (from: string, to: string, term: number): Message => {
  return { type: 'RequestVoteResult', from, to, term, granted: false }
}

const snapshotAt2: Snapshot = { index: 2, term: 2, configuration, data: new Uint8Array(24) }

/** `a` commits that it is no voter any more, and is this afterwards. */
function removeLeader(scene: Scene, role: 'leader' | 'follower'): void {
  const without = changed({ type: 'remove', id: 'a' })
  const entry: Entry = { index: 3, term: 2, kind: 'configuration', data: without }
  const has = { lastIndex: 3, lastTerm: 2, configuration: without, configurationIndex: 3 }
  scene.step('a', has, { entries: [entry] })
  scene.step('b', has, { entries: [entry] })
  scene.step('c', has, { entries: [noop(2, 2), entry] })
  scene.flush('a', 'b', 'c')
  scene.step('a', { commitIndex: 3, role })
}

const wrongs: readonly [name: string, what: string, tell: (scene: Scene) => void][] = [
  [
    'Election Safety',
    'a second leader of a term',
    scene => {
      scene.elect()
      scene.step('b', { role: 'leader' })
    },
  ],
  [
    'Vote Durability',
    'another vote in the same term',
    scene => {
      scene.elect()
      scene.step('b', { votedFor: 'c' }, { hardState: { currentTerm: 2, votedFor: 'c' } })
      scene.flush('b')
    },
  ],
  [
    'Vote Durability',
    'a vote that leaves before it is durable',
    scene => {
      scene.step('b', { currentTerm: 2, votedFor: 'a' }, { hardState: { currentTerm: 2, votedFor: 'a' } })
      scene.send({ type: 'RequestVoteResult', from: 'b', to: 'a', term: 2, granted: true })
    },
  ],
  [
    'Term Monotone',
    'a term that falls',
    scene => {
      scene.elect()
      scene.step('b', { currentTerm: 1 }, { hardState: { currentTerm: 1, votedFor: undefined } })
    },
  ],
  [
    'Persist Before Acknowledge',
    'an acknowledgement of what is not durable',
    scene => {
      scene.elect()
      scene.step('b', { lastIndex: 2, lastTerm: 2 }, { entries: [noop(2, 2)] })
      scene.send(accepted('b', 'a', 2, 2))
    },
  ],
  [
    'Leader Append-Only',
    'a leader that cuts its own log',
    scene => {
      scene.elect()
      scene.step('a', { lastIndex: 1, lastTerm: 1 }, { truncateFrom: 2 })
    },
  ],
  [
    'Log Matching',
    'two entries of one index and term',
    scene => {
      scene.elect()
      scene.step('b', { lastIndex: 2, lastTerm: 2 }, { entries: [write(2, 2, 9)] })
    },
  ],
  [
    'Leader Completeness',
    'a later leader without a committed entry',
    scene => {
      scene.commit()
      scene.vote('b', 3, 'c')
      scene.vote('c', 3, 'c')
      scene.step('c', { role: 'leader' })
    },
  ],
  [
    'State Machine Safety',
    'an entry taken for committed that no leader committed',
    scene => {
      scene.elect()
      scene.step('b', { lastIndex: 2, lastTerm: 2, commitIndex: 2 }, { entries: [noop(2, 2)] })
    },
  ],
  [
    'State Machine Safety',
    'an entry applied twice',
    scene => {
      scene.commit()
      scene.checker.applied('a', noop(2, 2), 12)
    },
  ],
  [
    'Commit Monotone',
    'a commit index that falls',
    scene => {
      scene.commit()
      scene.step('b', { commitIndex: 1, lastApplied: 1 })
    },
  ],
  ['Index Order', 'applying more than is committed', scene => scene.commit().step('b', { lastApplied: 3 })],
  [
    'Truncation Above Commit',
    'cutting off what is committed',
    scene => {
      scene.commit()
      scene.step('b', { lastIndex: 1, lastTerm: 1 }, { truncateFrom: 2 })
    },
  ],
  [
    'Current-Term Commit',
    'a leader that counts replicas of an earlier term',
    scene => {
      scene.elect()
      scene.step('b', { lastIndex: 2, lastTerm: 2 }, { entries: [noop(2, 2)] })
      scene.flush('b')
      scene.vote('c', 3, 'b')
      scene.vote('b', 3, 'b')
      scene.step('b', { role: 'leader', lastIndex: 3, lastTerm: 3 }, { entries: [noop(3, 3)] })
      scene.step('b', { commitIndex: 2 })
    },
  ],
  [
    'Durable Quorum',
    'committing what only the leader has',
    scene => {
      scene.elect()
      scene.step('a', { commitIndex: 2 })
    },
  ],
  [
    'Match Index',
    'believing more of a follower than it has',
    scene => {
      scene.elect()
      const follower = {
        id: 'b',
        state: 'replicate',
        matchIndex: 2,
        nextIndex: 3,
        inflightMessages: 0,
        isCaughtUp: true,
      } as const
      scene.step('a', { followers: [{ ...follower, lastHeardAt: undefined }] })
    },
  ],
  [
    'Match Index',
    'sending again what a follower has',
    scene => {
      scene.commit()
      const follower = {
        id: 'b',
        state: 'replicate',
        matchIndex: 2,
        nextIndex: 2,
        inflightMessages: 0,
        isCaughtUp: true,
      } as const
      scene.step('a', { followers: [{ ...follower, lastHeardAt: undefined }] })
    },
  ],
  [
    'Configuration',
    'a change before an entry of the own term is committed',
    scene => {
      scene.elect()
      scene.append({ index: 3, term: 2, kind: 'configuration', data: changed({ type: 'remove', id: 'c' }) })
    },
  ],
  [
    'Configuration',
    'two majorities that do not meet',
    scene => {
      scene.commit()
      scene.append({ index: 3, term: 2, kind: 'configuration', data: initialConfiguration(['a', 'b', 'c', 'd', 'e']) })
    },
  ],
  [
    'Configuration',
    'a leader without a majority of votes',
    scene => {
      scene.vote('a', 2, 'a')
      scene.step('a', { role: 'leader' })
    },
  ],
  [
    'Stickiness',
    'a vote against a leader that was heard just now',
    scene => {
      scene.commit()
      scene.hear()
      scene.checker.ghost.view('b').reading = 499
      scene.receive(request('c', 'b', 3), { currentTerm: 3, votedFor: 'c', leader: undefined })
    },
  ],
  [
    'Stickiness',
    'a pre-vote against it',
    scene => {
      scene.commit()
      scene.hear()
      const asked = { from: 'c', to: 'b', term: 2, nextTerm: 3 }
      scene.receive(
        { type: 'RequestPreVote', ...asked, lastLogIndex: 9, lastLogTerm: 2 },
        {},
        { type: 'RequestPreVoteResult', from: 'b', to: 'c', term: 2, nextTerm: 3, granted: true },
      )
    },
  ],
  [
    'Fresh Deadline',
    'a campaign that would begin too soon after the leader was heard',
    scene => {
      scene.commit()
      scene.hear(499)
    },
  ],
  [
    'Honoured TimeoutNow',
    'a campaign around stickiness for which the leader of an earlier term had asked',
    scene => {
      scene.commit()
      scene.receive({ type: 'TimeoutNow', from: 'a', to: 'b', term: 2 }, { currentTerm: 4 })
      scene.send(request('b', 'c', 4, true))
    },
  ],
  [
    'Repeated Request',
    'a vote that is refused to whom it was given',
    scene => {
      scene.elect()
      scene.receive(request('a', 'b', 2), {}, refusal('b', 'a', 2))
    },
  ],
  [
    'Lease Exclusion',
    'an election while another leader may read by its lease',
    scene => {
      scene.commit()
      scene.send(appends([]))
      scene.receive(accepted('b', 'a', 2, 2))
      scene.checker.ghost.now = 499
      scene.step('c', { role: 'leader', currentTerm: 3 })
    },
  ],
  [
    'Read Rounds',
    'a read of the leader that is ready without a word of anybody',
    scene => {
      scene.commit()
      scene.send(appends([]))
      scene.receive(accepted('b', 'a', 2, 2))
      scene.checker.readReady('a', 2, 2, 1)
    },
  ],
  [
    'Read Rounds',
    'an answer to another node’s read without a word since it was asked',
    scene => {
      scene.commit()
      scene.receive({ type: 'ReadIndex', from: 'c', to: 'a', term: 2, context: 7 })
      scene.send({ type: 'ReadIndexResult', from: 'a', to: 'c', term: 2, context: 7, readIndex: 2 })
    },
  ],
  ['Linearizable Reads', 'a read from before what was committed', scene => scene.commit().checker.readReady('b', 1, 2)],
  [
    'Exactly Once',
    'an operation that takes effect twice',
    scene => {
      scene.commit()
      scene.append(write(3, 2, 7), write(4, 2, 7))
      scene.step('b', { lastIndex: 4 }, { entries: [write(3, 2, 7), write(4, 2, 7)] })
      scene.flush('b')
      scene.step('a', { commitIndex: 4, lastApplied: 4 })
      scene.checker.applied('a', write(3, 2, 7), 13)
      scene.checker.applied('a', write(4, 2, 7), 14)
    },
  ],
  ['Snapshot Equality', 'a snapshot of another state', scene => scene.commit().checker.restored('c', snapshotAt2, 99)],
  [
    'Snapshot Equality',
    'a snapshot with a configuration that is not committed',
    scene => {
      scene.commit()
      const uncommitted = { ...snapshotAt2, configuration: changed({ type: 'remove', id: 'c' }) }
      scene.step(
        'c',
        { lastIndex: 2, lastTerm: 2, commitIndex: 2, snapshotIndex: 2, lastApplied: 2 },
        { snapshot: uncommitted },
      )
    },
  ],
  [
    'No Lost Write',
    'an acknowledged write that another took the place of',
    scene => scene.commit().checker.acknowledged(5, 2, 1),
  ],
  [
    'No Storm',
    'asking twice for one vote',
    scene => {
      scene.vote('a', 2, 'a')
      const request = {
        from: 'a',
        to: 'b',
        term: 2,
        lastLogIndex: 1,
        lastLogTerm: 1,
        leadershipTransfer: false,
      } as const
      scene.send({ type: 'RequestVote', ...request })
      scene.send({ type: 'RequestVote', ...request })
    },
  ],
  [
    'Conflict Truncation',
    'cutting off what does not conflict',
    scene => {
      scene.commit()
      scene.append(write(3, 2, 1))
      scene.step('b', { lastIndex: 3 }, { entries: [write(3, 2, 1)] })
      scene.flush('b')
      scene.step('b', { lastIndex: 2 }, { truncateFrom: 3 })
    },
  ],
  [
    'Follows Leader',
    'a candidate that hears the leader of its term and stays one',
    scene => {
      scene.elect()
      scene.step('c', { currentTerm: 2, role: 'candidate', votedFor: 'c' })
      const round = { prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 0, round: 1 }
      scene.checker.received('c', { type: 'AppendEntries', from: 'a', to: 'c', term: 2, ...round }, 1)
    },
  ],
  [
    'Transfer Target',
    'telling somebody to campaign whose log is too short to win',
    scene => {
      scene.elect()
      scene.step('a', { transferringTo: 'b' })
      scene.send({ type: 'TimeoutNow', from: 'a', to: 'b', term: 2 })
    },
  ],
  [
    'Match Index',
    'believing what somebody acknowledged before it was added',
    scene => {
      scene.commit()
      const follower = {
        id: 'b',
        state: 'replicate',
        nextIndex: 3,
        inflightMessages: 0,
        isCaughtUp: true,
        lastHeardAt: 0,
      } as const
      scene.step('a', { followers: [{ ...follower, matchIndex: 0 }] })
      scene.step('a', { followers: [{ ...follower, matchIndex: 2 }] })
      scene.checker.received('a', accepted('b', 'a', 2, 2), 0)
    },
  ],
  [
    'Configuration',
    'leading on after a configuration without oneself is committed',
    scene => {
      scene.commit()
      removeLeader(scene, 'leader')
    },
  ],
  [
    'Configuration',
    'a campaign of one that has no vote, and whose log nobody lacks',
    scene => {
      scene.commit()
      removeLeader(scene, 'follower')
      scene.step('a', { role: 'preCandidate' })
    },
  ],
  [
    'Bounded Memory',
    'more messages under way than the window holds',
    scene => {
      scene.commit()
      const follower = {
        id: 'b',
        state: 'replicate',
        matchIndex: 2,
        nextIndex: 3,
        inflightMessages: 3,
        isCaughtUp: true,
      } as const
      scene.step('a', { followers: [{ ...follower, lastHeardAt: undefined }] })
    },
  ],
  [
    'Bounded Memory',
    'more bytes under way than the window and one message hold',
    scene => {
      scene.commit()
      scene.append(...writes(3, 8))
      scene.append(...writes(9, 13))
      const follower = {
        id: 'b',
        state: 'replicate',
        matchIndex: 2,
        nextIndex: 14,
        inflightMessages: 2,
        isCaughtUp: true,
      } as const
      scene.step('a', { followers: [{ ...follower, lastHeardAt: undefined }] })
    },
  ],
  ['Bounded Memory', 'a message of too many entries', scene => scene.commit().send(appends(writes(3, 6)))],
  [
    'Bounded Memory',
    'a message of too many bytes',
    scene => {
      const long: Entry = { index: 4, term: 2, kind: 'command', data: encodeCommand(4, 0, 40) }
      scene.commit().send(appends([write(3, 2, 3), long]))
    },
  ],
  [
    'Bounded Memory',
    'a chunk that is too long',
    scene => {
      scene.commit()
      const { index, term, data } = snapshotAt2
      const about = { lastIncludedIndex: index, lastIncludedTerm: term, configuration, totalBytes: data.length }
      scene.send({ type: 'InstallSnapshot', from: 'a', to: 'c', term: 2, ...about, offset: 0, data, round: 1 })
    },
  ],
  [
    'Bounded Memory',
    'a proposal taken while too many bytes wait to be committed',
    scene => {
      scene.commit()
      scene.append(...writes(3, 12))
    },
  ],
  [
    'Bounded Log',
    'a log that nobody compacts',
    scene => {
      scene.commit()
      const more = [3, 4, 5, 6, 7, 8].map(index => write(index, 2, index))
      scene.append(...more)
      scene.step('b', { lastIndex: 8 }, { entries: more })
      scene.flush('b')
      scene.step('a', { commitIndex: 8, lastApplied: 8 })
      scene.checker.ghost.now = 1
      scene.step('a', {})
    },
  ],
]

describe('the checker', () => {
  test('finds nothing wrong with an election, a commit and a snapshot that are right', () => {
    const scene = new Scene().commit()
    scene.send(accepted('b', 'a', 2, 2))
    scene.append(...writes(3, 5))
    scene.send(appends(writes(3, 5)))
    const follower = {
      id: 'b',
      state: 'replicate',
      matchIndex: 2,
      nextIndex: 6,
      inflightMessages: 1,
      isCaughtUp: true,
    } as const
    scene.step('a', { followers: [{ ...follower, lastHeardAt: undefined }] })
    scene.checker.readReady('b', 2, 2)
    scene.receive(accepted('b', 'a', 2, 2))
    scene.checker.readReady('a', 2, 2, 0)
    scene.hear()
    scene.checker.ghost.view('b').reading = 501
    scene.receive(request('c', 'b', 3), {}, refusal('b', 'c', 2))
    scene.step(
      'c',
      { lastIndex: 2, lastTerm: 2, commitIndex: 2, snapshotIndex: 2, lastApplied: 2 },
      { snapshot: snapshotAt2 },
    )
    scene.checker.restored('c', snapshotAt2, 12)
    expect(scene.checker.violations).toEqual([])
  })

  // A pre-vote that `b` had given before it heard its leader, and that waited for its disk, was held against it.
  test('takes what is said after a step that a crash cut short for no answer to the message of that step', () => {
    const vote = new Scene().elect()
    vote.checker.receiving('c', request('a', 'c', 2))
    vote.checker.crashed('c')
    vote.send(refusal('b', 'a', 2))
    expect(vote.checker.violations).toEqual([])

    const preVote = new Scene().commit()
    preVote.hear()
    preVote.step('a', { leader: 'a' })
    preVote.checker.receiving('a', accepted('b', 'a', 2, 2))
    preVote.checker.crashed('a')
    preVote.send({ type: 'RequestPreVoteResult', from: 'b', to: 'c', term: 2, nextTerm: 3, granted: true })
    expect(preVote.checker.violations).toEqual([])
  })

  test('finds nothing wrong with a campaign of one that has no vote, once somebody has asked for it whose log is behind', () => {
    const scene = new Scene().commit()
    removeLeader(scene, 'follower')
    const asked = {
      type: 'RequestPreVote',
      from: 'c',
      to: 'a',
      term: 1,
      nextTerm: 3,
      lastLogIndex: 2,
      lastLogTerm: 2,
    } as const
    scene.receive(asked, {}, { type: 'RequestPreVoteResult', from: 'a', to: 'c', term: 2, nextTerm: 3, granted: false })
    scene.step('a', { role: 'preCandidate' })
    expect(scene.checker.violations).toEqual([])
  })

  test('remembers how long a log was at a vote, though a later vote was given and lost with its unit', () => {
    const scene = new Scene().elect()
    scene.step('b', { lastIndex: 2, lastTerm: 2 }, { entries: [noop(2, 2)] })
    scene.flush('b')
    scene.step('b', { currentTerm: 3, votedFor: 'c' }, { hardState: { currentTerm: 3, votedFor: 'c' } })
    scene.checker.crashed('b')
    scene.checker.started('b', { ...emptyState, currentTerm: 2, votedFor: 'a', entries: [first, noop(2, 2)] })
    scene.step('b', { currentTerm: 2, votedFor: 'a' })
    scene.receive(request('a', 'b', 2), {}, refusal('b', 'a', 2))
    expect(scene.checker.violations).toEqual([])
  })

  test('lets a leader read by its lease, but not after it, and not once it hands over', () => {
    const reads = (after: number, change: Partial<RaftStatus>): readonly string[] => {
      const scene = new Scene([readRounds(leaseReads)]).commit()
      scene.send(appends([]))
      scene.receive(accepted('b', 'a', 2, 2), change)
      // Its host may have let the answer wait for longer than that.
      scene.checker.ghost.now = 600
      scene.checker.ghost.view('a').steppedAt = after
      scene.checker.readReady('a', 2, 2, 1)
      return scene.checker.violations.map(({ property }) => property)
    }
    expect(reads(499, {})).toEqual([])
    expect(reads(500, {})).toEqual(['Read Rounds'])
    expect(reads(499, { transferringTo: 'b' })).toEqual(['Read Rounds'])
  })

  for (const [name, what, tell] of wrongs) {
    test(`${name}: ${what}`, () => {
      const scene = new Scene()
      tell(scene)
      expect(scene.found).toContain(name)
    })
  }

  test('every invariant has been shown something wrong', () => {
    const shown = new Set(wrongs.map(([name]) => name))
    const { ghost } = new Scene().checker
    const names = allInvariants.map(factory => factory(ghost, () => {}).name)
    expect(names.filter(name => !shown.has(name))).toEqual([])
  })
})
