/**
 * One schema for everything that happens (design: "one trace for everything"). Core emits what it decides; the runtime
 * adds what it does (messages on the wire, disks, applying, crashes). The simulator, live tabs and saved files all give
 * this stream, and the visualizer knows nothing else.
 *
 * Every event is plain data that survives JSON and structured clone.
 */
import type { Configuration, NodeId } from './membership.ts'
import type { MessageType } from './messages.ts'

export type Role = 'follower' | 'preCandidate' | 'candidate' | 'leader'

export interface EntrySummary {
  readonly index: number
  readonly term: number
  readonly kind: 'command' | 'noop' | 'configuration'
  /** What the entry says, for people. */
  readonly text: string
}

/** A message, in as many words as a picture needs. `id` is the same at both ends. */
export interface MessageSummary {
  readonly id: string
  readonly from: NodeId
  readonly to: NodeId
  readonly type: MessageType
  readonly term: number
  /** AppendEntries: how many entries it carries (0 is a heartbeat). Snapshot chunks: bytes. */
  readonly size: number
  /** Answers: whether it says yes. */
  readonly granted?: boolean
  /** AppendEntries: prevLogIndex. Results: matchIndex, hintIndex or readIndex. Votes: lastLogIndex. */
  readonly index?: number
}

export type TraceBody =
  /** The node begins, from what its disk holds. */
  | {
      readonly type: 'started'
      readonly term: number
      readonly votedFor: NodeId | undefined
      readonly snapshotIndex: number
      readonly snapshotTerm: number
      readonly entries: readonly EntrySummary[]
      readonly configuration: Configuration
    }
  | { readonly type: 'role'; readonly role: Role; readonly term: number; readonly reason: string }
  /** A higher term was adopted, or begun. Any vote of the old one is gone. */
  | { readonly type: 'term'; readonly term: number; readonly reason: string }
  /** Who leads this term became known; `undefined` when the leader is no longer trusted. */
  | { readonly type: 'leader'; readonly term: number; readonly leader: NodeId | undefined }
  /** This node's decision on a (pre-)vote request; a candidate's vote for itself is one too. */
  | {
      readonly type: 'vote'
      readonly term: number
      readonly candidate: NodeId
      readonly granted: boolean
      readonly preVote: boolean
      readonly reason: string
    }
  /** A candidate counted an answer. */
  | {
      readonly type: 'voteCounted'
      readonly term: number
      readonly from: NodeId
      readonly granted: boolean
      readonly preVote: boolean
    }
  /** The election timer (or, at a leader, none) was set: it runs out at `deadline` on this node's clock. */
  | { readonly type: 'timer'; readonly startedAt: number; readonly deadline: number; readonly reason: string }
  | { readonly type: 'appended'; readonly entries: readonly EntrySummary[] }
  /** Entries from this index on conflicted with the leader's and are gone. */
  | { readonly type: 'truncated'; readonly from: number; readonly reason: string }
  | { readonly type: 'committed'; readonly index: number; readonly reason: string }
  | {
      readonly type: 'configuration'
      readonly index: number
      readonly configuration: Configuration
      readonly stage: 'appended' | 'committed' | 'rolledBack'
    }
  /** What the leader knows of one follower. */
  | {
      readonly type: 'progress'
      readonly follower: NodeId
      readonly matchIndex: number
      readonly nextIndex: number
      readonly state: 'probe' | 'replicate' | 'snapshot'
    }
  | { readonly type: 'snapshot'; readonly action: 'taken' | 'installed'; readonly index: number; readonly term: number }
  /** A message or a request was turned down, and by which rule. */
  | { readonly type: 'refused'; readonly what: string; readonly from: NodeId | undefined; readonly reason: string }
  | { readonly type: 'transfer'; readonly to: NodeId; readonly stage: 'begun' | 'sentTimeoutNow' | 'aborted' | 'done' }
  | { readonly type: 'resumed'; readonly reason: string }
  // What the runtime adds:
  | { readonly type: 'persisting'; readonly token: number; readonly lastIndex: number }
  | {
      readonly type: 'durable'
      readonly token: number
      readonly lastIndex: number
      readonly term: number
      readonly votedFor: NodeId | undefined
    }
  | { readonly type: 'sent'; readonly message: MessageSummary; readonly delayMs: number }
  | { readonly type: 'delivered'; readonly message: MessageSummary }
  | { readonly type: 'dropped'; readonly message: MessageSummary; readonly reason: string }
  | { readonly type: 'applied'; readonly index: number }
  /** Up again, `relayed` or not any more: the link is as it was, and its frames go another way. */
  | { readonly type: 'link'; readonly peer: NodeId; readonly up: boolean; readonly relayed?: boolean }
  /** Links that this node's user cut on purpose: the whole set, each time. */
  | { readonly type: 'cut'; readonly peers: readonly NodeId[] }
  | { readonly type: 'crashed'; readonly reason: string }
  | { readonly type: 'stopped' }

export type TraceEvent = TraceBody & {
  readonly node: NodeId
  /** Milliseconds on the node's clock. */
  readonly at: number
}
