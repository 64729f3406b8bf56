/**
 * Every message that nodes exchange: one type per remote procedure call of the paper's figures 2 and 13, and one per answer.
 *
 * `term` is always the sender's current term, except in a granted pre-vote's dialogue, where `nextTerm` names the term
 * that the candidate would start (dissertation §9.6).
 */
import type { Entry } from './entry.ts'
import type { Configuration, NodeId } from './membership.ts'

interface Envelope {
  readonly from: NodeId
  readonly to: NodeId
  readonly term: number
}

/** "Would you vote for me in `nextTerm`?" Changes nobody's term (dissertation §9.6). */
export interface RequestPreVote extends Envelope {
  readonly type: 'RequestPreVote'
  readonly nextTerm: number
  readonly lastLogIndex: number
  readonly lastLogTerm: number
}

export interface RequestPreVoteResult extends Envelope {
  readonly type: 'RequestPreVoteResult'
  /** The term the answer is about, as asked. */
  readonly nextTerm: number
  readonly granted: boolean
}

/** §5.2, figure 2. */
export interface RequestVote extends Envelope {
  readonly type: 'RequestVote'
  readonly lastLogIndex: number
  readonly lastLogTerm: number
  /** Set when the leader itself asked for this election: receivers then do not defend that leader (dissertation §3.10, §4.2.3). */
  readonly leadershipTransfer: boolean
}

export interface RequestVoteResult extends Envelope {
  readonly type: 'RequestVoteResult'
  readonly granted: boolean
}

/** §5.3, figure 2. Without entries it is the heartbeat. */
export interface AppendEntries extends Envelope {
  readonly type: 'AppendEntries'
  readonly prevLogIndex: number
  readonly prevLogTerm: number
  /** Contiguous, the first at `prevLogIndex + 1`. */
  readonly entries: readonly Entry[]
  readonly leaderCommit: number
  /**
   * The leader's count of rounds when it sent this; the answer returns it, which proves that the follower heard the leader
   * after a read began (§6.4). `noAnswerWanted` for the news of a commit.
   */
  readonly round: number
}

/** The round of an AppendEntries that only tells what the answers to others have led to: 0, which no round is. */
export const noAnswerWanted = 0

export interface AppendEntriesAccepted extends Envelope {
  readonly type: 'AppendEntriesResult'
  readonly success: true
  /** The follower's log equals the leader's up to here, durably. */
  readonly matchIndex: number
  readonly round: number
}

export interface AppendEntriesRejected extends Envelope {
  readonly type: 'AppendEntriesResult'
  readonly success: false
  /** The `prevLogIndex` that did not match. */
  readonly rejectedIndex: number
  /** The greatest index at which the logs could still agree: at most `rejectedIndex - 1`, or the follower's last. */
  readonly hintIndex: number
  /** The follower's term at `hintIndex`; 0 at index 0. The leader skips back over its own greater terms (§5.3, "if desired"). */
  readonly hintTerm: number
  readonly round: number
}

export type AppendEntriesResult = AppendEntriesAccepted | AppendEntriesRejected

/** One chunk of a snapshot (§7, figure 13). */
export interface InstallSnapshot extends Envelope {
  readonly type: 'InstallSnapshot'
  readonly lastIncludedIndex: number
  readonly lastIncludedTerm: number
  readonly configuration: Configuration
  /** Where `data` starts in the snapshot, in bytes. */
  readonly offset: number
  readonly data: Uint8Array
  /** The whole snapshot's size in bytes; the chunk that ends there is the last. */
  readonly totalBytes: number
  readonly round: number
}

/** Which byte is wanted next. Once the whole snapshot is durable, an AppendEntriesResult says so instead. */
export interface InstallSnapshotResult extends Envelope {
  readonly type: 'InstallSnapshotResult'
  readonly lastIncludedIndex: number
  readonly nextOffset: number
  readonly round: number
}

/** "Start an election now": the last step of a leadership transfer (dissertation §3.10). */
export interface TimeoutNow extends Envelope {
  readonly type: 'TimeoutNow'
}

/** A follower asks the leader for a read index (dissertation §6.4). */
export interface ReadIndex extends Envelope {
  readonly type: 'ReadIndex'
  /** Chosen by the asker; the answer returns it. */
  readonly context: number
}

export interface ReadIndexResult extends Envelope {
  readonly type: 'ReadIndexResult'
  readonly context: number
  /** The index to wait for; 0 means that the asked node cannot serve the read. */
  readonly readIndex: number
}

export type Message =
  | RequestPreVote
  | RequestPreVoteResult
  | RequestVote
  | RequestVoteResult
  | AppendEntries
  | AppendEntriesResult
  | InstallSnapshot
  | InstallSnapshotResult
  | TimeoutNow
  | ReadIndex
  | ReadIndexResult

export type MessageType = Message['type']

/** Whether who hears `later` need not have heard `earlier`: of what one follower acknowledged in a term, the last says the most. */
export function saysAll(later: Message, earlier: Message): boolean {
  if (later.type !== 'AppendEntriesResult' || earlier.type !== 'AppendEntriesResult') return false
  if (later.to !== earlier.to || later.term !== earlier.term || later.round < earlier.round) return false
  return later.success && earlier.success && later.matchIndex >= earlier.matchIndex
}
