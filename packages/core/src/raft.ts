/**
 * One node of Raft: its state (figure 2), and the dispatcher that hands each input to the rule of the paper it falls
 * under. No I/O, timer, clock or randomness of its own: time comes in with each step, effects go out with each drain.
 */
import { advanceCommit, takeCommitted } from './commit.ts'
import { ConfigurationHistory, mayCampaign, proposeChange } from './configuration.ts'
import {
  adoptTerm,
  becomeFollower,
  countOwnVote,
  electionTimedOut,
  onRequestPreVote,
  onRequestPreVoteResult,
  onRequestVote,
  onRequestVoteResult,
  resetElectionTimer,
} from './election.ts'
import type { NodeId, Snapshot } from './entry.ts'
import { invariant } from './invariant.ts'
import type { Input, Outcome, Output, Proposed, RecoveredState } from './io.ts'
import type { Leadership } from './leadership.ts'
import { forgetWhenHeard } from './lease.ts'
import { Log } from './log.ts'
import { type Configuration, emptyConfiguration } from './membership.ts'
import type { Message } from './messages.ts'
import { checkOptions, type RaftOptions } from './options.ts'
import { Outbox } from './outbox.ts'
import { Persistence, takePersistUnit } from './persistence.ts'
import { expireReads, onReadIndex, onReadIndexResult, type PendingRead, read } from './reads.ts'
import { heartbeat, onAppendEntries, onAppendEntriesResult, propose, sendAppends } from './replication.ts'
import { compact, type IncomingSnapshot, onInstallSnapshot, onInstallSnapshotResult } from './snapshot.ts'
import { type RaftStatus, statusOf } from './status.ts'
import { startedEvent } from './summary.ts'
import type { Role, TraceBody } from './trace.ts'
import { expireTransfer, onTimeoutNow, transferLeadership } from './transfer.ts'

export interface RaftConfig {
  readonly id: NodeId
  /** Milliseconds on the host's monotone clock; the origin does not matter. */
  readonly now: number
  /** Uniform in [0, 1): spreads the election timeouts (§5.2). */
  readonly random: () => number
  /** What the disk holds. */
  readonly recovered: RecoveredState
  readonly options?: Partial<RaftOptions>
  /** What a command says, in few words, for traces. */
  readonly describe?: (data: Uint8Array) => string
}

const done: Outcome = { kind: 'done' }

export class Raft {
  readonly id: NodeId
  readonly options: RaftOptions
  readonly random: () => number
  readonly describe: (data: Uint8Array) => string
  readonly tracing: boolean

  // Persistent state (figure 2).
  currentTerm: number
  votedFor: NodeId | undefined
  readonly log: Log
  /** What the log's compacted prefix amounts to; the latest of ours or of a leader's. */
  snapshot: Snapshot | undefined

  // Volatile state (figure 2).
  commitIndex: number
  /** Handed out to be applied, up to here. */
  lastApplied: number
  role: Role = 'follower'
  /** Who leads the current term, as far as known. */
  leader: NodeId | undefined = undefined
  now: number
  electionDeadline = Number.POSITIVE_INFINITY
  /** When a leader of the current term was last heard (§4.2.3 of the dissertation). */
  leaderHeardAt = Number.NEGATIVE_INFINITY
  /** A candidate's ballot, pre-votes and votes alike; its own vote counts once it is durable. */
  readonly votes = new Map<NodeId, boolean>()
  /** What only a leader has; defined exactly while `role` is leader. */
  leadership: Leadership | undefined = undefined

  configuration: Configuration
  readonly configurations: ConfigurationHistory
  mayCampaign: boolean
  readonly pendingReads: PendingRead[] = []
  incoming: IncomingSnapshot | undefined = undefined

  readonly persistence = new Persistence()
  readonly outbox = new Outbox()
  restore: Snapshot | undefined
  /** The snapshot after which a newer one has been asked for; -1 for none. */
  private compactionAskedAfter = -1

  /** @throws RangeError if an option is out of its bounds. InvariantError if `recovered` contradicts itself. */
  constructor(config: RaftConfig) {
    this.id = config.id
    this.options = checkOptions(config.options)
    this.tracing = this.options.trace
    this.random = config.random
    this.describe = config.describe ?? (data => `${data.byteLength} bytes`)
    this.now = config.now
    const { recovered } = config
    this.currentTerm = recovered.currentTerm
    this.votedFor = recovered.votedFor
    this.log = new Log(recovered)
    invariant(this.log.lastTerm <= this.currentTerm, 'no entry is of a later term than ours', this.log.lastTerm)
    this.snapshot = recovered.snapshot
    this.restore = recovered.snapshot
    this.commitIndex = this.log.snapshotIndex
    this.lastApplied = this.log.snapshotIndex
    this.configurations = new ConfigurationHistory(recovered.snapshot?.configuration ?? emptyConfiguration)
    for (const entry of recovered.entries) this.configurations.onAppend(entry)
    this.configuration = this.configurations.current
    this.mayCampaign = mayCampaign(this)
    forgetWhenHeard(this)
    if (this.tracing) this.emit(startedEvent(this, recovered.entries))
    resetElectionTimer(this, 'started')
  }

  emit(body: TraceBody): void {
    this.outbox.emit({ node: this.id, at: this.now, ...body })
  }

  /** No message may say a term that the disk could forget: it waits for the disk if it has to. */
  send(message: Message): void {
    if (this.persistence.isHardStateDurable) this.outbox.sendNow(message)
    else this.outbox.sendWhenDurable(message)
  }

  /** For what waits for no disk. A leader's term is durable: its own vote was counted. */
  sendNow(message: Message): void {
    invariant(this.persistence.isHardStateDurable, 'no message says a term that is not durable', this.currentTerm)
    this.outbox.sendNow(message)
  }

  /** When the next `tick` is due, on the host's clock; Infinity for never. */
  get deadline(): number {
    const { leadership } = this
    if (leadership !== undefined) return leadership.deadline
    const read = this.pendingReads[0]
    return read === undefined ? this.electionDeadline : Math.min(this.electionDeadline, read.deadline)
  }

  /**
   * Takes one input, at `now` milliseconds. Time never goes back here: an earlier `now` counts as the latest seen.
   *
   * @throws InvariantError when continuing would corrupt the log; the node must then be stopped.
   */
  step(input: Input, now: number): Outcome {
    if (now > this.now) this.now = now
    switch (input.type) {
      case 'persisted':
        persisted(this, input.token)
        return done
      case 'tick':
        tick(this)
        return done
      case 'read':
        read(this, input.id)
        return done
      case 'changeMembership':
        return proposeChange(this, input.changes)
      case 'transferLeadership':
        return transferLeadership(this, input.to, input.atOnce ?? false)
      case 'compact':
        return compact(this, input.index, input.data)
      case 'resume':
        resume(this)
        return done
      default:
        return input satisfies never
    }
  }

  /** At the leader: a command for the state machines, opaque here, and not to be changed any more. Otherwise as `step`. */
  propose(data: Uint8Array, now: number): Proposed {
    if (now > this.now) this.now = now
    return propose(this, data)
  }

  /**
   * Takes one message from another node; otherwise as `step`. Whatever follows comes out of `drain`.
   *
   * @throws InvariantError when continuing would corrupt the log; the node must then be stopped.
   */
  receive(message: Message, now: number): void {
    if (now > this.now) this.now = now
    dispatch(this, message)
  }

  /** Everything since the last drain, in the order that io.ts prescribes; undefined when there is nothing until another step. */
  drain(): Output | undefined {
    if (this.leadership !== undefined) sendAppends(this, this.leadership)
    const persist = takePersistUnit(this)
    const committed = takeCommitted(this)
    const restore = this.restore
    const compactionDue = (committed.length > 0 || persist?.snapshot !== undefined) && this.askForCompaction()
    const { outbox, persistence } = this
    if (persist === undefined && committed.length === 0 && restore === undefined && !compactionDue && outbox.isEmpty) {
      return undefined
    }
    if (!persistence.isPending) outbox.releaseDurable()
    this.restore = undefined
    return {
      persist,
      sendNow: outbox.takeNow(),
      sendWhenDurable: outbox.takeWhenDurable(),
      durableToken: persistence.lastToken,
      restore,
      committed,
      reads: outbox.takeReads(),
      compactionDue,
      trace: outbox.takeTrace(),
    }
  }

  status(): RaftStatus {
    return statusOf(this)
  }

  /** Whether the policy's bounds are passed (§7): said once, and again after a snapshot that left too much behind it. */
  private askForCompaction(): boolean {
    const { log, lastApplied } = this
    if (this.compactionAskedAfter === log.snapshotIndex) return false
    const { snapshotThresholdEntries, snapshotThresholdBytes } = this.options
    const due = lastApplied - log.snapshotIndex > snapshotThresholdEntries || log.appliedBytes > snapshotThresholdBytes
    if (due) this.compactionAskedAfter = log.snapshotIndex
    return due
  }
}

function dispatch(raft: Raft, message: Message): void {
  if (message.to !== raft.id || message.from === raft.id) return refuse(raft, message, 'not for this node')
  // "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to follower" (figure 2).
  // Requests for votes decide for themselves: a pre-vote changes no term, and a living leader is defended (§4.2.3).
  if (message.term > raft.currentTerm && message.type !== 'RequestPreVote' && message.type !== 'RequestVote') {
    adoptTerm(raft, message.term, `${message.type} of a later term`)
  }
  switch (message.type) {
    case 'AppendEntries':
      return onAppendEntries(raft, message)
    case 'AppendEntriesResult':
      return onAppendEntriesResult(raft, message)
    case 'RequestPreVote':
      return onRequestPreVote(raft, message)
    case 'RequestPreVoteResult':
      return onRequestPreVoteResult(raft, message)
    case 'RequestVote':
      return onRequestVote(raft, message)
    case 'RequestVoteResult':
      return onRequestVoteResult(raft, message)
    case 'InstallSnapshot':
      return onInstallSnapshot(raft, message)
    case 'InstallSnapshotResult':
      return onInstallSnapshotResult(raft, message)
    case 'TimeoutNow':
      return onTimeoutNow(raft, message)
    case 'ReadIndex':
      return onReadIndex(raft, message)
    case 'ReadIndexResult':
      return onReadIndexResult(raft, message)
    default:
      return message satisfies never
  }
}

function tick(raft: Raft): void {
  if (raft.leadership !== undefined) {
    expireTransfer(raft, raft.leadership)
    if (raft.now >= raft.leadership.nextHeartbeatAt) heartbeat(raft, raft.leadership)
    return
  }
  expireReads(raft)
  if (raft.now >= raft.electionDeadline) electionTimedOut(raft)
}

function persisted(raft: Raft, token: number): void {
  const durableIndex = raft.persistence.complete(token)
  if (durableIndex > raft.log.durableIndex) {
    raft.log.durableIndex = durableIndex
    if (raft.leadership !== undefined) {
      raft.leadership.self.matchIndex = durableIndex
      if (durableIndex > raft.commitIndex) advanceCommit(raft, raft.leadership)
    }
  }
  if (raft.role === 'candidate') countOwnVote(raft)
}

/** The clock jumped, or this node was frozen: whoever it led has moved on, and what it heard is old. */
function resume(raft: Raft): void {
  raft.incoming = undefined
  forgetWhenHeard(raft)
  if (raft.tracing) raft.emit({ type: 'resumed', reason: 'the clock jumped or the node was frozen' })
  becomeFollower(raft, undefined, 'resumed')
  resetElectionTimer(raft, 'resumed')
}

/** Turns a message down, and says by which rule. */
export function refuse(raft: Raft, message: Message, reason: string): void {
  if (raft.tracing) raft.emit({ type: 'refused', what: message.type, from: message.from, reason })
}
