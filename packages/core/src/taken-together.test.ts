/**
 * Messages taken together, with one drain after the last, make of a node what the same messages make of it one by one: the same on its
 * disk, the same committed and applied, the same of every read, and the same role. Hosts drain when it suits them (io.ts).
 *
 * What it says may be less: an answer that says all that those before it said takes their place. So messages are not compared.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { snapshotOf } from './fixtures/test-cluster.ts'
import {
  type Entry,
  emptyState,
  type Message,
  type NodeId,
  type Output,
  type PersistUnit,
  Raft,
  type ReadOutcome,
  type RecoveredState,
} from './index.ts'

const ids = ['S1', 'S2', 'S3', 'S4'] as const
const voters = ids.slice(0, 3)

/** A node, its disk, which takes as long as a test likes, and what came of it all. */
class Host {
  readonly raft: Raft
  disk: RecoveredState = { ...emptyState, snapshot: snapshotOf(voters) }
  readonly applied: Entry[] = []
  readonly reads: ReadOutcome[] = []
  private readonly pending: PersistUnit[] = []
  private held: Message[] = []
  private readonly send: (message: Message) => void

  constructor(id: NodeId, seed: number, send: (message: Message) => void) {
    const options = { electionTimeoutMs: 150, heartbeatIntervalMs: 50, maxEntriesPerMessage: 2, maxInflightMessages: 3 }
    this.raft = new Raft({ id, now: 0, random: randomOf(seed), recovered: this.disk, options })
    this.send = send
    this.drain()
  }

  drain(): void {
    for (let output = this.raft.drain(); output !== undefined; output = this.raft.drain()) this.perform(output)
  }

  /** All that is under way to the disk is durable. */
  flush(now: number): void {
    for (let unit = this.pending.shift(); unit !== undefined; unit = this.pending.shift()) {
      this.disk = written(this.disk, unit)
      if (this.pending.length === 0) this.raft.step({ type: 'persisted', token: unit.token }, now)
    }
    const { held } = this
    this.held = []
    for (const message of held) this.send(message)
    this.drain()
  }

  /** All that must not hang on when it was drained. */
  get outcome(): unknown {
    const { currentTerm, votedFor, role, leader, commitIndex, lastApplied, deadline, log } = this.raft
    const { disk, applied, reads } = this
    const terms = Array.from({ length: log.lastIndex - log.snapshotIndex }, (_, i) =>
      log.termAt(log.snapshotIndex + 1 + i),
    )
    return { currentTerm, votedFor, role, leader, commitIndex, lastApplied, deadline, terms, disk, applied, reads }
  }

  private perform({ persist, sendNow, sendWhenDurable, committed, reads }: Output): void {
    if (persist !== undefined) this.pending.push(persist)
    for (const message of sendNow) this.send(message)
    if (this.pending.length > 0) this.held.push(...sendWhenDurable)
    else for (const message of sendWhenDurable) this.send(message)
    this.applied.push(...committed)
    this.reads.push(...reads)
  }
}

type Deed = (host: Host) => void

interface Node {
  readonly id: NodeId
  readonly host: Host
  /** All that it was told to do, for another that shall stand where it stood. */
  readonly deeds: Deed[]
  readonly again: () => Host
}

/** Whoever takes several messages in a turn takes them one by one; another, who is where it was, takes them together. */
class Day {
  turnsOfMany = 0
  committed = 0
  private readonly random: () => number
  private now = 0
  private messages: Message[] = []
  private nextRead = 1
  private readonly nodes: readonly Node[]

  constructor(seed: number) {
    this.random = randomOf(seed)
    this.nodes = ids.map((id, i) => ({
      id,
      host: new Host(id, seed + i, message => this.messages.push(message)),
      deeds: [],
      again: () => new Host(id, seed + i, () => {}),
    }))
  }

  run(turns: number): void {
    for (let i = 0; i < turns; i++) this.turn()
    this.committed = Math.max(...this.nodes.map(({ host }) => host.raft.commitIndex))
  }

  private turn(): void {
    const what = this.random()
    if (what < 0.1) this.now += this.random() * 60
    if (what > 0.98) this.messages = this.messages.filter(() => this.random() < 0.7)
    const waitedFor = this.nodes.filter(({ id }) => this.messages.some(({ to }) => to === id))
    const node = this.any(waitedFor.length > 0 && this.random() < 0.8 ? waitedFor : this.nodes)
    const { now } = this
    const inputs = what < 0.2 ? [this.request()] : this.mailOf(node.id)
    if (node.host.raft.deadline <= now) inputs.unshift(raft => raft.step({ type: 'tick' }, now))
    const isFlushed = this.random() < 0.7
    const together = inputs.length > 1 ? standingWhere(node) : undefined
    for (const input of inputs) {
      this.does(node, host => {
        input(host.raft)
        host.drain()
      })
    }
    if (isFlushed) this.does(node, host => host.flush(now))
    if (together === undefined) return
    this.turnsOfMany++
    for (const input of inputs) input(together.raft)
    together.drain()
    if (isFlushed) together.flush(now)
    expect(together.outcome).toEqual(node.host.outcome)
  }

  private does({ host, deeds }: Node, deed: Deed): void {
    deed(host)
    deeds.push(deed)
  }

  /** What came for it since it last looked, or the first of that. */
  private mailOf(id: NodeId): ((raft: Raft) => unknown)[] {
    const most = 1 + Math.floor(this.random() * 6)
    const mail = this.messages.filter(({ to }) => to === id).slice(0, most)
    this.messages = this.messages.filter(message => !mail.includes(message))
    const { now } = this
    return mail.map(message => raft => raft.receive(message, now))
  }

  private request(): (raft: Raft) => unknown {
    const what = this.random()
    const { now } = this
    const read = this.nextRead++
    const id = this.any(ids)
    const type = this.random() < 0.5 ? 'addVoter' : 'demote'
    if (what < 0.6) return raft => raft.propose(new Uint8Array([read % 256]), now)
    if (what < 0.85) return raft => raft.step({ type: 'read', id: read }, now)
    if (what < 0.93) return raft => raft.step({ type: 'changeMembership', changes: [{ type, id }] }, now)
    return raft => raft.step({ type: 'transferLeadership', to: id }, now)
  }

  private any<T>(of: readonly T[]): T {
    const one = of[Math.floor(this.random() * of.length)]
    if (one === undefined) throw new Error('there is none')
    return one
  }
}

function standingWhere({ deeds, again }: Node): Host {
  const host = again()
  for (const deed of deeds) deed(host)
  return host
}

function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

function written(disk: RecoveredState, unit: PersistUnit): RecoveredState {
  const kept = (entry: Entry): boolean => unit.truncateFrom === 0 || entry.index < unit.truncateFrom
  return { ...disk, ...unit.hardState, entries: [...disk.entries.filter(kept), ...unit.entries] }
}

it('messages taken together make of a node what they make of it one by one', () => {
  let turnsOfMany = 0
  let committed = 0
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000_000_000 }), seed => {
      const day = new Day(seed)
      day.run(200)
      turnsOfMany += day.turnsOfMany
      committed += day.committed
    }),
    { numRuns: 60 },
  )
  expect(turnsOfMany).toBeGreaterThan(500)
  expect(committed).toBeGreaterThan(60)
})
