/**
 * The contract between core and its host: what goes into `step`, `propose` and `receive`, and what comes out of them and
 * of `drain`.
 *
 * The host's loop: step, propose and receive any number of times, then drain once; after further ones, drain again. Of
 * each output, in this order: send `sendNow`; start writing `persist`; restore `restore`; apply `committed`; answer
 * `reads`. When the unit with token `t` is durable, step `{ type: 'persisted', token: t }` and send every
 * `sendWhenDurable` whose `durableToken` ≤ t. Units must become durable in the order of their tokens.
 */
import type { CommandEntry, Entry, Snapshot } from './entry.ts'
import type { MembershipChange, MembershipRefusal, NodeId } from './membership.ts'
import type { Message } from './messages.ts'
import type { TraceEvent } from './trace.ts'

export type Input =
  /** The deadline has come, or may have. Never harmful. */
  | { readonly type: 'tick' }
  /**
   * Ask for a linearizable read. `id` is the host's, and comes back in `Output.reads`. One that this node has never used, also not before
   * it restarted: the leader's answer to the earlier question may still be under way, and would be taken for the answer to this one.
   */
  | { readonly type: 'read'; readonly id: number }
  | { readonly type: 'changeMembership'; readonly changes: readonly MembershipChange[] }
  /**
   * Hand leadership over. Without `to`, core takes the follower that is furthest along. `atOnce`: this host will not be
   * there to see the target catch up, so TimeoutNow follows right behind the entries; the two must not overtake each other.
   */
  | { readonly type: 'transferLeadership'; readonly to?: NodeId; readonly atOnce?: boolean }
  /** The unit with this token, and with it every earlier one, is durable. */
  | { readonly type: 'persisted'; readonly token: number }
  /** The state machine as of `index`, which the host has applied: the log up to there is no longer needed. */
  | { readonly type: 'compact'; readonly index: number; readonly data: Uint8Array }
  /** The clock jumped, or the host was frozen: trust nothing from before. Becomes a follower. */
  | { readonly type: 'resume' }

export type Refusal =
  | { readonly kind: 'NotLeader'; readonly leader: NodeId | undefined }
  /** A leader that is handing over takes no proposals; they may be tried again at once elsewhere, or here if it fails. */
  | { readonly kind: 'Transferring'; readonly to: NodeId }
  /** What is not committed yet is at its bound (`maxUncommittedBytes`), or what waits for this node's own disk at four times that. */
  | { readonly kind: 'Overloaded'; readonly uncommittedBytes: number }
  /** `lagging`: silent for an election timeout, or so far behind that it is being sent a snapshot. */
  | { readonly kind: 'TransferRefused'; readonly reason: 'notVoter' | 'self' | 'noTarget' | 'lagging' }
  | { readonly kind: 'CompactRefused'; readonly reason: 'notApplied' | 'notNewer' }
  | MembershipRefusal

/**
 * What `propose` says at once: the proposal as it stands in this leader's log, or why it does not. It is committed if the
 * entry committed at its index has its term.
 */
export type Proposed = CommandEntry | Refusal

/** What `proposeAll` says at once: where the commands stand, in their order, as many as there was room for; or why none does. */
export type ProposedAll = { readonly kind: 'appended'; readonly entries: readonly CommandEntry[] } | Refusal

/** What `step` says at once: an entry if it was asked to change the membership. Everything else comes out of `drain`. */
export type Outcome = { readonly kind: 'done' } | Entry | Refusal

export interface HardState {
  readonly currentTerm: number
  readonly votedFor: NodeId | undefined
}

/** One atomic, durable unit. Apply in the order of the fields: either all of it is on disk, or nothing is. */
export interface PersistUnit {
  /** Counts up by one from 1. */
  readonly token: number
  readonly hardState: HardState | undefined
  /** Replaces any older snapshot, and every entry up to its index. */
  readonly snapshot: Snapshot | undefined
  /** Remove the entries from this index on; 0 for none. */
  readonly truncateFrom: number
  /** Contiguous; follows what is left of the log. */
  readonly entries: readonly Entry[]
}

export type ReadOutcome =
  /** Whatever is applied at or after `index` answers the read. */
  | { readonly id: number; readonly kind: 'ready'; readonly index: number }
  /** Nothing was read; ask again. */
  | {
      readonly id: number
      readonly kind: 'abandoned'
      readonly reason: 'noLeader' | 'leaderChanged' | 'timeout' | 'overloaded'
    }

export interface Output {
  readonly persist: PersistUnit | undefined
  readonly sendNow: readonly Message[]
  readonly sendWhenDurable: readonly Message[]
  /** The token that `sendWhenDurable` waits for: the latest issued. */
  readonly durableToken: number
  /** Replace the state machine by this before applying `committed`. */
  readonly restore: Snapshot | undefined
  /** Newly committed and durable here: apply in order. */
  readonly committed: readonly Entry[]
  readonly reads: readonly ReadOutcome[]
  /** The log is past its compaction threshold: the host may take a snapshot at what it has applied, and step `compact`. */
  readonly compactionDue: boolean
  readonly trace: readonly TraceEvent[]
}

/** What a restart begins from. A new node that will be told everything by a leader begins from `emptyState`. */
export interface RecoveredState extends HardState {
  readonly snapshot: Snapshot | undefined
  /** Contiguous, the first right after the snapshot (or at 1). */
  readonly entries: readonly Entry[]
  /**
   * What this disk remembers to be committed, if it does: a lower bound, which is applied at once. Raft does not need it, but a
   * node that reaches nobody shows more than its snapshot by it.
   */
  readonly commitIndex?: number
}

export const emptyState: RecoveredState = { currentTerm: 0, votedFor: undefined, snapshot: undefined, entries: [] }
