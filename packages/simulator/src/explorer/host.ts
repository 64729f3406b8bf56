/**
 * One node as the explorer sees it: a core, its disk, what is under way to the disk and what waits for it. Never changed:
 * each event makes another, and the same event in the same state is worked out only once.
 */
import type { Entry, Message, NodeId, Output, PersistUnit, RaftOptions, RecoveredState } from '@flotilla/core'
import { extendHash } from '../invariants/shadow-log.ts'
import type { MakeRaft, RaftLike } from '../node.ts'
import { copyRaft, firstRound } from './copy.ts'
import type { Printer, Prints } from './fingerprint.ts'

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
  /** What one node alone can do wrong. */
  readonly violation: { readonly property: string; readonly detail: string } | undefined
}

export type HostEvent =
  | { readonly type: 'tick' | 'flush' | 'propose' | 'crash' | 'restart' }
  | { readonly type: 'deliver'; readonly message: Message; readonly number: number }

const command = new Uint8Array([1])

/** All nodes of one exploration. */
export class Hosts {
  readonly #ids: readonly NodeId[]
  readonly #makeRaft: MakeRaft
  readonly #options: Partial<RaftOptions>
  readonly #printer: Printer
  /** By node and by prints. */
  readonly #known = new Map<string, HostState>()
  #numbered = 0

  constructor(ids: readonly NodeId[], makeRaft: MakeRaft, options: Partial<RaftOptions>, printer: Printer) {
    this.#ids = ids
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
    const key = event.type === 'deliver' ? `${event.number}` : event.type
    let stepped = state.steps.get(key)
    if (stepped === undefined) {
      stepped = this.#work(state, event)
      state.steps.set(key, stepped)
    }
    return stepped
  }

  #work(state: HostState, event: HostEvent): Stepped {
    const work = new Work(state)
    try {
      this.#perform(work, state, event)
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      return { state, sent: [], violation: { property: 'Core Assertion', detail } }
    }
    return { state: this.#intern(work), sent: work.sent, violation: work.violation }
  }

  #perform(work: Work, state: HostState, event: HostEvent): void {
    if (event.type === 'crash') return work.crash()
    if (event.type === 'restart') {
      const id = this.#ids[state.node] ?? ''
      work.raft = this.#makeRaft({ id, now: 0, random: () => 0.5, recovered: work.disk, options: this.#options })
      return work.drain()
    }
    if (state.raft === undefined) return
    const raft = copyRaft(state.raft)
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
    else if (event.type === 'propose') raft.step({ type: 'propose', data: command }, now)
    else if (event.type === 'deliver') raft.receive(event.message, now)
    work.drain()
  }

  #intern(work: Pick<HostState, 'node' | 'raft' | 'disk' | 'pending' | 'durableToken' | 'waiting'>): HostState {
    const { node, raft, disk, pending, durableToken, waiting } = work
    const prints = this.#printer.print([this.#ids[node], raft, disk, pending, waiting], durableToken)
    const key = `${node}:${prints[0]}:${prints[1]}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const status = raft?.status()
    const entries = logOf(disk.entries, pending)
    const chain = chainOf(entries)
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
      terms: entries.map(({ term }) => term),
      chain,
      diskChain: pending.length === 0 ? chain : chainOf(disk.entries),
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
  violation: Stepped['violation'] = undefined

  constructor(state: HostState) {
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
    this.disk = {
      currentTerm: unit.hardState?.currentTerm ?? this.disk.currentTerm,
      votedFor: unit.hardState === undefined ? this.disk.votedFor : unit.hardState.votedFor,
      snapshot: undefined,
      entries: logOf(this.disk.entries, [unit]),
    }
    return unit.token
  }

  release(): void {
    const ready = this.waiting.filter(({ token }) => token <= this.durableToken)
    this.waiting = this.waiting.filter(({ token }) => token > this.durableToken)
    for (const { messages } of ready) for (const message of messages) this.#send(message)
  }

  #take({ persist, sendNow, sendWhenDurable, durableToken }: Output): void {
    if (persist !== undefined) this.pending = [...this.pending, persist]
    for (const message of sendNow) this.#send(message)
    if (sendWhenDurable.length === 0) return
    // The same answer again, to a heartbeat while the disk is slow, would wait in ever longer lines.
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
    const candidate =
      message.type === 'RequestVote'
        ? message.from
        : message.type === 'RequestVoteResult' && message.granted
          ? message.to
          : undefined
    if (candidate !== undefined && (disk.currentTerm !== message.term || disk.votedFor !== candidate)) {
      this.#report('Vote Durability', `a vote for ${candidate} leaves; the disk has ${disk.votedFor ?? 'none'}`)
    }
    if (message.type === 'AppendEntriesResult' && message.success && message.matchIndex > disk.entries.length) {
      this.#report('Persist Before Acknowledge', `${message.matchIndex} is acknowledged, not ${disk.entries.length}`)
    }
    this.sent.push('round' in message && message.round > 0 ? { ...message, round: firstRound } : message)
  }

  #report(property: string, detail: string): void {
    this.violation ??= { property, detail: `n${this.node + 1}: ${detail}` }
  }
}

const text = (message: Message): string =>
  JSON.stringify('round' in message ? { ...message, round: firstRound } : message)

/** What a log that begins at 1 becomes when these units are written. */
function logOf(before: readonly Entry[], units: readonly PersistUnit[]): readonly Entry[] {
  let entries = before
  for (const unit of units) {
    const kept = unit.truncateFrom > 0 ? entries.slice(0, unit.truncateFrom - 1) : entries
    entries = unit.entries.length > 0 ? [...kept, ...unit.entries] : kept
  }
  return entries
}

function chainOf(entries: readonly Entry[]): number[] {
  let hash = 0
  return entries.map(entry => {
    hash = extendHash(hash, entry)
    return hash
  })
}
