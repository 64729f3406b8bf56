/**
 * One node as the explorer sees it: a core, its disk, what is under way to the disk and what waits for it. Never changed:
 * each event makes another, and the same event in the same state is worked out only once.
 */
import type {
  Configuration,
  MembershipChange,
  Message,
  NodeId,
  Output,
  PersistUnit,
  RaftOptions,
  RecoveredState,
} from '@flotilla/core'
import { carriedVote } from '../invariants/carried-vote.ts'
import type { MakeRaft, RaftLike } from '../world/node.ts'
import { copyRaft, firstRound } from './copy.ts'
import type { Printer, Prints } from './fingerprint.ts'
import { lastIndexOf, stateAt, viewOf, written } from './log-view.ts'

export interface HostState {
  readonly node: number
  /** Known by this number: equal states are one. */
  readonly number: number
  readonly prints: Prints
  /** `undefined` while it is down. */
  readonly raft: RaftLike | undefined
  readonly role: string
  readonly term: number
  readonly commitIndex: number
  readonly lastApplied: number
  readonly snapshotIndex: number
  /** The one it goes by, and where in its log that stands; `undefined` while it is down. */
  readonly configuration: Configuration | undefined
  readonly configurationIndex: number
  /** A leader's; 0 for others. */
  readonly round: number
  /** Of the log: the term at each index from 1 on, and the hash of everything up to it. */
  readonly terms: readonly number[]
  readonly chain: readonly number[]
  readonly disk: RecoveredState
  readonly diskChain: readonly number[]
  readonly pending: readonly PersistUnit[]
  readonly durableToken: number
  readonly waiting: readonly { readonly token: number; readonly messages: readonly Message[] }[]
  readonly steps: Map<string, Stepped>
}

export interface Stepped {
  readonly state: HostState
  readonly sent: readonly Message[]
  /** Reads that may now be answered, from this index on. */
  readonly answers: readonly { readonly id: number; readonly index: number }[]
  /** What one node alone can do wrong. */
  readonly violation: { readonly property: string; readonly detail: string } | undefined
}

export type HostEvent =
  | { readonly type: 'tick' | 'flush' | 'propose' | 'crash' | 'restart' | 'compact' }
  | { readonly type: 'read'; readonly number: number }
  | { readonly type: 'change'; readonly number: number; readonly changes: readonly MembershipChange[] }
  | { readonly type: 'deliver'; readonly message: Message; readonly number: number }

const command = new Uint8Array([1])

/** All nodes of one exploration. */
export class Hosts {
  readonly #ids: readonly NodeId[]
  readonly #makeRaft: MakeRaft
  readonly #options: Partial<RaftOptions>
  readonly #printer: Printer
  readonly #keepsRounds: boolean
  /** By node and by prints. */
  readonly #known = new Map<string, HostState>()
  #numbered = 0

  constructor(
    ids: readonly NodeId[],
    makeRaft: MakeRaft,
    options: Partial<RaftOptions>,
    printer: Printer,
    keepsRounds: boolean,
  ) {
    this.#ids = ids
    this.#keepsRounds = keepsRounds
    this.#makeRaft = makeRaft
    this.#options = options
    this.#printer = printer
  }

  /** How many states of single nodes there are. */
  get size(): number {
    return this.#known.size
  }

  first(node: number, disk: RecoveredState): HostState {
    const down = { node, raft: undefined, disk, pending: [], durableToken: 0, waiting: [] }
    return this.step(this.#intern(down), { type: 'restart' }).state
  }

  step(state: HostState, event: HostEvent): Stepped {
    const key = 'number' in event ? `${event.type}${event.number}` : event.type
    let stepped = state.steps.get(key)
    if (stepped === undefined) {
      stepped = this.#work(state, event)
      state.steps.set(key, stepped)
    }
    return stepped
  }

  #work(state: HostState, event: HostEvent): Stepped {
    const work = new Work(state, this.#keepsRounds)
    try {
      this.#perform(work, state, event)
      const { sent, answers, violation } = work
      return { state: this.#intern(work), sent, answers, violation }
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      const property = error instanceof RangeError ? 'Snapshot Equality' : 'Core Assertion'
      return { state, sent: [], answers: [], violation: { property, detail } }
    }
  }

  #perform(work: Work, state: HostState, event: HostEvent): void {
    if (event.type === 'crash') return work.crash()
    if (event.type === 'restart') {
      const id = this.#ids[state.node] ?? ''
      work.raft = this.#makeRaft({ id, now: 0, random: () => 0.5, recovered: work.disk, options: this.#options })
      return work.drain()
    }
    if (state.raft === undefined) return
    const raft = copyRaft(state.raft, this.#keepsRounds)
    work.raft = raft
    // As long after the event before as any timeout here lasts: nobody is ever taken for alive.
    const now = 'now' in raft && typeof raft.now === 'number' ? raft.now + 10_000 : 0
    if (event.type === 'flush') {
      const token = work.flush()
      raft.step({ type: 'persisted', token }, now)
      work.drain()
      work.release()
      return
    }
    if (event.type === 'tick') raft.step({ type: 'tick' }, Math.max(now, raft.deadline))
    else if (event.type === 'propose') raft.propose(command, now)
    else if (event.type === 'deliver') raft.receive(event.message, now)
    else if (event.type === 'read') raft.step({ type: 'read', id: event.number }, now)
    else if (event.type === 'change') raft.step({ type: 'changeMembership', changes: event.changes }, now)
    else {
      const index = state.lastApplied
      raft.step({ type: 'compact', index, data: stateAt(state, index) }, now)
    }
    work.drain()
  }

  #intern(work: Pick<HostState, 'node' | 'raft' | 'disk' | 'pending' | 'durableToken' | 'waiting'>): HostState {
    const { node, raft, disk, pending, durableToken, waiting } = work
    const prints = this.#printer.print([this.#ids[node], raft, disk, pending, waiting], durableToken)
    const key = `${node}:${prints[0]}:${prints[1]}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const status = raft?.status()
    const view = viewOf(pending.reduce(written, disk))
    const state: HostState = {
      node,
      raft,
      disk,
      pending,
      durableToken,
      waiting,
      number: this.#numbered++,
      prints,
      role: status?.role ?? 'down',
      term: status?.currentTerm ?? disk.currentTerm,
      commitIndex: status?.commitIndex ?? 0,
      lastApplied: status?.lastApplied ?? 0,
      snapshotIndex: status?.snapshotIndex ?? 0,
      configuration: status?.configuration,
      configurationIndex: status?.configurationIndex ?? 0,
      round: roundOf(raft),
      terms: view.terms,
      chain: view.chain,
      diskChain: pending.length === 0 ? view.chain : viewOf(disk).chain,
      steps: new Map(),
    }
    this.#known.set(key, state)
    return state
  }
}

/** One event in the making. */
class Work {
  readonly node: number
  raft: RaftLike | undefined
  disk: RecoveredState
  pending: readonly PersistUnit[]
  durableToken: number
  waiting: HostState['waiting']
  readonly sent: Message[] = []
  readonly answers: { id: number; index: number }[] = []
  readonly #keepsRounds: boolean
  violation: Stepped['violation'] = undefined

  constructor(state: HostState, keepsRounds: boolean) {
    this.#keepsRounds = keepsRounds
    this.node = state.node
    this.raft = state.raft
    this.disk = state.disk
    this.pending = state.pending
    this.durableToken = state.durableToken
    this.waiting = state.waiting
  }

  crash(): void {
    this.raft = undefined
    this.pending = []
    this.waiting = []
    this.durableToken = 0
  }

  drain(): void {
    for (let output = this.raft?.drain(); output !== undefined; output = this.raft?.drain()) this.#take(output)
  }

  flush(): number {
    const [unit, ...rest] = this.pending
    if (unit === undefined) return this.durableToken
    this.pending = rest
    this.durableToken = unit.token
    this.disk = written(this.disk, unit)
    return unit.token
  }

  release(): void {
    const ready = this.waiting.filter(({ token }) => token <= this.durableToken)
    this.waiting = this.waiting.filter(({ token }) => token > this.durableToken)
    for (const { messages } of ready) for (const message of messages) this.#send(message)
  }

  #take({ persist, sendNow, sendWhenDurable, durableToken, reads }: Output): void {
    for (const read of reads) if (read.kind === 'ready') this.answers.push({ id: read.id, index: read.index })
    if (persist !== undefined) this.pending = [...this.pending, persist]
    for (const message of sendNow) this.#send(message)
    if (sendWhenDurable.length === 0) return
    // The same answer again, to a heartbeat while the disk is slow, would wait in ever longer lines.
    const text = (message: Message): string => JSON.stringify(this.#equalized(message))
    const known = new Set(this.waiting.flatMap(({ messages }) => messages.map(text)))
    const messages = sendWhenDurable.filter(message => !known.has(text(message)))
    if (messages.length > 0) this.waiting = [...this.waiting, { token: durableToken, messages }]
    this.release()
  }

  #send(message: Message): void {
    const { disk } = this
    if (message.term > disk.currentTerm) {
      this.#report('Term Monotone', `${message.type} leaves in term ${message.term}; the disk has ${disk.currentTerm}`)
    }
    const candidate = carriedVote(message)
    if (candidate !== undefined && (disk.currentTerm !== message.term || disk.votedFor !== candidate)) {
      this.#report('Vote Durability', `a vote for ${candidate} leaves; the disk has ${disk.votedFor ?? 'none'}`)
    }
    if (message.type === 'AppendEntriesResult' && message.success && message.matchIndex > lastIndexOf(disk)) {
      this.#report('Persist Before Acknowledge', `${message.matchIndex} is acknowledged, not ${lastIndexOf(disk)}`)
    }
    this.sent.push(this.#equalized(message))
  }

  /** Where rounds mean nothing, two messages that differ in nothing else are one. */
  #equalized(message: Message): Message {
    if (this.#keepsRounds || !('round' in message) || message.round === 0) return message
    return { ...message, round: firstRound }
  }

  #report(property: string, detail: string): void {
    this.violation ??= { property, detail: `n${this.node + 1}: ${detail}` }
  }
}

function roundOf(raft: RaftLike | undefined): number {
  if (raft === undefined || !('leadership' in raft)) return 0
  const { leadership } = raft
  if (typeof leadership !== 'object' || leadership === null || !('round' in leadership)) return 0
  return typeof leadership.round === 'number' ? leadership.round : 0
}
