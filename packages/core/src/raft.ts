/**
 * The dispatcher: hands each input to the rule of the paper it falls under, and gathers what follows. No I/O, timer, clock
 * or randomness of its own: time comes in with each step, effects go out with each drain.
 */
import { onAppendEntries } from './append-entries.ts'
import { advanceCommit, takeCommitted } from './commit.ts'
import { compact, isCompactionDue } from './compaction.ts'
import { mayCampaign } from './configuration.ts'
import {
  countOwnVote,
  electionTimedOut,
  onRequestPreVote,
  onRequestPreVoteResult,
  onRequestVote,
  onRequestVoteResult,
} from './election.ts'
import { forgetWhenHeard, putOffCampaign, resetElectionTimer } from './election-timer.ts'
import { heartbeat } from './heartbeat.ts'
import type { Input, Outcome, Output, Proposed, ProposedAll } from './io.ts'
import type { Message } from './messages.ts'
import { propose, proposeAll } from './propose.ts'
import { expireReads, expireReadsOf, onReadIndex, onReadIndexResult, read } from './reads.ts'
import { proposeChange } from './reconfiguration.ts'
import { onAppendEntriesResult, sendAppends } from './replication.ts'
import { adoptTerm, becomeFollower } from './roles.ts'
import { onInstallSnapshot, onInstallSnapshotResult } from './snapshot.ts'
import { standingOf } from './standing.ts'
import { type RaftConfig, RaftState } from './state.ts'
import { type RaftStatus, statusOf } from './status.ts'
import { startedEvent } from './summary.ts'
import type { TraceEvent } from './trace.ts'
import { expireTransfer, onTimeoutNow, pursueTransfer, transferLeadership } from './transfer.ts'

const done: Outcome = { kind: 'done' }

/** One node of Raft. */
export class Raft extends RaftState {
  /** @throws RangeError if an option is out of its bounds. InvariantError if `recovered` contradicts itself. */
  constructor(config: RaftConfig) {
    super(config)
    this.mayCampaign = mayCampaign(this)
    forgetWhenHeard(this)
    if (this.tracing) {
      this.emit(startedEvent(this, config.recovered.entries))
      const { commitIndex: index } = this
      if (index > this.log.snapshotIndex) this.emit({ type: 'committed', index, reason: 'the disk remembers it' })
    }
    resetElectionTimer(this, 'started')
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

  /** As `propose`, many commands in one call: as many of the first as `maxUncommittedBytes` leave room for are appended. */
  proposeAll(commands: readonly Uint8Array[], now: number): ProposedAll {
    if (now > this.now) this.now = now
    return proposeAll(this, commands)
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
    const { leadership } = this
    if (leadership !== undefined) {
      sendAppends(this, leadership)
      if (leadership.transfer !== undefined) pursueTransfer(this, leadership, leadership.transfer)
    }
    const persist = this.persistence.takeUnit(this.log, this)
    const committed = takeCommitted(this)
    const restore = this.restore
    const compactionDue = (committed.length > 0 || persist?.snapshot !== undefined) && isCompactionDue(this)
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

  /** Where it stands, for whoever begins to watch; what was decided before and is not drained yet is in it, and may come again. */
  standing(): readonly TraceEvent[] {
    return standingOf(this).map(body => ({ node: this.id, at: this.now, ...body }))
  }
}

function dispatch(raft: RaftState, message: Message): void {
  if (message.to !== raft.id || message.from === raft.id) return raft.refuse(message, 'not for this node')
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

function tick(raft: RaftState): void {
  if (raft.leadership !== undefined) {
    expireTransfer(raft, raft.leadership)
    expireReadsOf(raft, raft.leadership)
    if (raft.now >= raft.leadership.nextHeartbeatAt) heartbeat(raft, raft.leadership)
    return
  }
  expireReads(raft)
  if (raft.now >= raft.electionDeadline && !putOffCampaign(raft)) electionTimedOut(raft)
}

function persisted(raft: RaftState, token: number): void {
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
function resume(raft: RaftState): void {
  raft.incoming = undefined
  forgetWhenHeard(raft)
  if (raft.tracing) raft.emit({ type: 'resumed', reason: 'the clock jumped or the node was frozen' })
  becomeFollower(raft, undefined, 'resumed')
  resetElectionTimer(raft, 'resumed')
}
