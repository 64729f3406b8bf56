/**
 * One life of a node, from start to crash: the loop drain → persist → send → apply → answer around the core (io.ts in
 * core says in which order, and why). It has no opinion on sessions, joining or members: those are its effects' business.
 *
 * Many steps, then one drain in a microtask: what arrives together is persisted together, and what
 * arrives while the disk is busy too (`group-commit.ts`).
 */
import {
  type Entry,
  type Input,
  type Message,
  type NodeId,
  type Outcome,
  type Output,
  type PersistUnit,
  type Proposed,
  type ProposedAll,
  Raft,
  type RaftOptions,
  type RaftStatus,
  type ReadOutcome,
  type Snapshot,
  type TraceBody,
  type TraceEvent,
} from '@flotilla/core'
import { DelayLine } from '../links/delay-line.ts'
import type { Storage } from '../storage.ts'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import { CommitNews } from './commit-news.ts'
import { CompactionRetry } from './compaction-retry.ts'
import { asStorageError } from './failure.ts'
import { GroupCommit } from './group-commit.ts'
import { HeldBack } from './held-back.ts'

export interface RuntimeEffects {
  send(message: Message): void
  /** Entries are about to be written, in place of whatever the log had from `replacedFrom` on; 0 for nothing. */
  appending(entries: readonly Entry[], replacedFrom: number): void
  restore(snapshot: Snapshot): void
  apply(entries: readonly Entry[]): void
  answerRead(outcome: ReadOutcome): void
  /** Everything applied so far, for compaction; `undefined` while that cannot be had. */
  snapshot(): { readonly index: number; readonly data: Uint8Array } | undefined
  trace(event: TraceEvent): void
  /** The clock jumped, or the node was frozen: it starts over as a follower. */
  resumed(): void
  /** After each round of the loop: what the node is now. */
  drained(status: RaftStatus): void
  /**
   * The node has stopped, and acknowledged nothing that is not durable: its storage failed (StorageError), its machine cannot
   * restore a snapshot, or an invariant is broken (InvariantError).
   */
  failed(cause: unknown): void
}

export interface RuntimeConfig {
  readonly id: NodeId
  readonly storage: Storage
  readonly clock: Clock
  readonly random: () => number
  readonly raft: Partial<RaftOptions>
  readonly describe: (data: Uint8Array) => string
  readonly persistDelayMs: () => number
  readonly effects: RuntimeEffects
}

/** What the disk will hold once the units issued so far are durable. */
interface Disk {
  readonly lastIndex: number
  readonly term: number
  readonly votedFor: NodeId | undefined
}

const leadsNobody = { kind: 'NotLeader', leader: undefined } as const

export class Runtime {
  readonly id: NodeId
  readonly #raft: Raft
  /** A timer this late is not one of a starved machine: the tab was frozen, or the laptop slept. */
  readonly #sleptAfterMs: number
  readonly #clock: Clock
  readonly #effects: RuntimeEffects
  readonly #persistDelayMs: () => number
  readonly #alarm: Alarm
  readonly #wayToDisk: DelayLine<PersistUnit>
  readonly #disk: GroupCommit
  #issued: Disk
  /** What each unit under way will have made of the disk, by token. */
  readonly #whenDurable = new Map<number, Disk>()
  #durableToken = 0
  readonly #heldBack = new HeldBack()
  readonly #news: CommitNews
  #drainScheduled = false
  #draining = false
  readonly #compaction = new CompactionRetry()
  #stopped = false
  /** Until something is stepped or drained: with every message many parts ask. */
  #said: RaftStatus | undefined = undefined

  constructor(config: RuntimeConfig) {
    const { id, storage, clock, random, describe, effects, persistDelayMs } = config
    const { state } = storage.recovered
    this.id = id
    this.#clock = clock
    this.#effects = effects
    this.#persistDelayMs = persistDelayMs
    this.#raft = new Raft({ id, now: clock.now(), random, recovered: state, options: config.raft, describe })
    this.#sleptAfterMs = this.#raft.options.electionTimeoutMs * this.#raft.options.electionTimeoutStretch
    this.#issued = {
      lastIndex: state.entries.at(-1)?.index ?? state.snapshot?.index ?? 0,
      term: state.currentTerm,
      votedFor: state.votedFor,
    }
    this.#alarm = new Alarm(clock, dueAt => this.#ring(dueAt))
    this.#news = new CommitNews(clock, message => effects.send(message))
    this.#wayToDisk = new DelayLine(clock, unit => this.#disk.push(unit))
    this.#disk = new GroupCommit(
      unit => storage.persist(unit),
      token => this.#durable(token),
      error => this.#fail(asStorageError(error)),
    )
    void storage.lost.then(error => this.#fail(error))
    this.#scheduleDrain()
  }

  get isStopped(): boolean {
    return this.#stopped
  }

  /** A node that has stopped, or stops itself over this, leads nobody. */
  step(input: Input): Outcome {
    if (input.type === 'resume') this.#effects.resumed()
    return this.#enter(now => this.#raft.step(input, now)) ?? leadsNobody
  }

  /** As `step`. */
  propose(data: Uint8Array): Proposed {
    return this.#enter(now => this.#raft.propose(data, now)) ?? leadsNobody
  }

  /** As `step`, for many commands. */
  proposeAll(commands: readonly Uint8Array[]): ProposedAll {
    return this.#enter(now => this.#raft.proposeAll(commands, now)) ?? leadsNobody
  }

  /** A message from another node. */
  receive(message: Message): void {
    this.#enter(now => this.#raft.receive(message, now))
  }

  #enter<T>(enter: (now: number) => T): T | undefined {
    if (this.#stopped) return undefined
    const now = this.#clock.now()
    try {
      // Whatever this input is, look at it as a node that has just woken up, not as the leader that it was before.
      if (now - this.#alarm.dueAt > this.#sleptAfterMs) this.#resumeAt(now)
      const outcome = enter(now)
      this.#said = undefined
      this.#scheduleDrain()
      return outcome
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  /** Performs everything that is due now, without waiting for the microtask. */
  drainNow(): void {
    if (this.#draining || this.#stopped) return
    this.#draining = true
    try {
      for (let output = this.#drain(); output !== undefined; output = this.#drain()) {
        this.#perform(output)
        if (this.#stopped) return
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#draining = false
    }
    this.#alarm.noLaterThan(this.#raft.deadline)
    this.#effects.drained(this.status())
  }

  /** What this node knows to be committed, `to` is told now, and before all that is sent from here on. */
  tellCommits(to: NodeId): void {
    this.#news.tell(to)
  }

  status(): RaftStatus {
    this.#said ??= this.#raft.status()
    return this.#said
  }

  get isTracing(): boolean {
    return this.#raft.tracing
  }

  /** Whether it tells what happens. */
  setTracing(on: boolean): void {
    this.#raft.tracing = on
  }

  /** Where it stands, for whoever begins to watch. */
  standing(): readonly TraceEvent[] {
    return this.#raft.standing()
  }

  /** As by a power cut: what has not reached the storage never will, and nothing more is said or applied. */
  stop(): void {
    this.#stopped = true
    this.#alarm.stop()
    this.#wayToDisk.clear()
    this.#disk.clear()
    this.#heldBack.clear()
    this.#news.clear()
  }

  /** Stops as over a failure: what this node has must not be told, nor lead. */
  halt(cause: unknown): void {
    this.#fail(cause)
  }

  #drain(): Output | undefined {
    this.#said = undefined
    return this.#raft.drain()
  }

  #scheduleDrain(): void {
    if (this.#drainScheduled) return
    this.#drainScheduled = true
    queueMicrotask(() => {
      this.#drainScheduled = false
      this.drainNow()
    })
  }

  /** The order is the contract's (core's io.ts): the other disks can begin while this one is being asked. */
  #perform(output: Output): void {
    for (const event of output.trace) this.#effects.trace(event)
    for (const message of output.sendNow) this.#send(message)
    if (output.persist !== undefined) this.#persist(output.persist)
    for (const message of output.sendWhenDurable) this.#heldBack.push(output.durableToken, message)
    this.#sendDurable()
    if (output.restore !== undefined) this.#effects.restore(output.restore)
    if (output.committed.length > 0) this.#effects.apply(output.committed)
    if (this.#stopped) return
    for (const outcome of output.reads) this.#effects.answerRead(outcome)
    if (this.#stopped) return
    if (output.compactionDue || (output.committed.length > 0 && this.#compaction.isDue(this.#clock.now())))
      this.#compact()
  }

  /** Without waiting until the log is long. The entry up to which it goes; `undefined` if there is no snapshot to be had. */
  compactNow(): number | undefined {
    const taken = this.#effects.snapshot()
    if (taken === undefined) return undefined
    // Where nothing was applied since the last one there is nothing to put in its place.
    this.step({ type: 'compact', index: taken.index, data: taken.data })
    return taken.index
  }

  #compact(): void {
    const now = this.#clock.now()
    const taken = this.#effects.snapshot()
    if (taken === undefined) return this.#compaction.failed(now)
    this.#compaction.succeeded()
    this.#said = undefined
    this.#raft.step({ type: 'compact', index: taken.index, data: taken.data }, now)
  }

  #persist(unit: PersistUnit): void {
    this.#effects.appending(unit.entries, unit.truncateFrom)
    this.#issued = diskAfter(this.#issued, unit)
    this.#trace({ type: 'persisting', token: unit.token, lastIndex: this.#issued.lastIndex })
    this.#whenDurable.set(unit.token, this.#issued)
    this.#wayToDisk.push(unit, this.#persistDelayMs())
  }

  #durable(token: number): void {
    if (this.#stopped) return
    if (token <= this.#durableToken) return
    for (const [unit, disk] of this.#whenDurable) {
      if (unit > token) break
      this.#whenDurable.delete(unit)
      this.#trace({ type: 'durable', token: unit, ...disk })
    }
    this.#durableToken = token
    this.step({ type: 'persisted', token })
    this.#sendDurable()
  }

  #sendDurable(): void {
    for (const message of this.#heldBack.takeUpTo(this.#durableToken)) this.#send(message)
  }

  #send(message: Message): void {
    if (!this.#news.keeps(message)) this.#effects.send(message)
  }

  #ring(dueAt: number): void {
    if (this.#clock.now() - dueAt > this.#sleptAfterMs) this.step({ type: 'resume' })
    else this.step({ type: 'tick' })
  }

  #resumeAt(now: number): void {
    this.#alarm.stop()
    this.#effects.resumed()
    this.#raft.step({ type: 'resume' }, now)
  }

  /** Fail-stop: nothing that waits for the disk will ever leave, and no vote or acknowledgement after it either. */
  #fail(cause: unknown): void {
    if (this.#stopped) return
    this.stop()
    this.#effects.failed(cause)
  }

  #trace(body: TraceBody): void {
    if (this.#raft.tracing) this.#effects.trace({ node: this.id, at: this.#clock.now(), ...body })
  }
}

function diskAfter(disk: Disk, unit: PersistUnit): Disk {
  let { lastIndex } = disk
  if (unit.snapshot !== undefined) lastIndex = Math.max(lastIndex, unit.snapshot.index)
  if (unit.truncateFrom > 0) lastIndex = Math.min(lastIndex, unit.truncateFrom - 1)
  lastIndex = unit.entries.at(-1)?.index ?? lastIndex
  const { currentTerm: term, votedFor } = unit.hardState ?? { currentTerm: disk.term, votedFor: disk.votedFor }
  return { lastIndex, term, votedFor }
}
