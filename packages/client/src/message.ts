/**
 * What a client and a node say to one another over a port. The client asks, the node answers, and neither says more than the
 * other asked for: state and status are fetched, so that a page that is slow makes nobody keep anything for it.
 */
import type { ClusterErrorKind, ClusterStatus, ProposeAnswer } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'

export type ClientMessage =
  /** An envelope of the log that opens a session, or is a command of one. Asked again, it has the same number. */
  | { readonly kind: 'propose'; readonly request: number; readonly data: Uint8Array }
  /** What index must have been applied for a linearizable read? */
  | { readonly kind: 'read'; readonly id: number }
  /** What comes after `upTo`? And of a snapshot that is on its way (its index; 0: none): what comes at `offset`? Answered when there is something. */
  | { readonly kind: 'follow'; readonly upTo: number; readonly snapshot: number; readonly offset: number }
  /** What is the whole state now? And of a snapshot that is on its way (its index; 0: none): what comes at `offset`? Answered by a chunk. */
  | { readonly kind: 'state'; readonly snapshot: number; readonly offset: number }
  /** What is the node's status? Answered when it is another than this client was last told. */
  | { readonly kind: 'status' }
  | { readonly kind: 'control'; readonly id: number; readonly control: Control }
  /** To whoever is in reach, also this node's other clients: in no log, at most once, and lost with those who are away. */
  | { readonly kind: 'say'; readonly payload: Uint8Array }
  /** What was said since this was asked last? Answered when there is something. */
  | { readonly kind: 'hear' }
  /** This client watches, for some seconds from now on: said again and again. `isNew`: it wants to know where the nodes stand. */
  | { readonly kind: 'watch'; readonly isNew: boolean }
  /** What happened at the node, and at others, since this was asked last? Answered when there is something. */
  | { readonly kind: 'see' }
  /** Are you there? */
  | { readonly kind: 'ping'; readonly nonce: number }

export type Control =
  | { readonly kind: 'resign' }
  | { readonly kind: 'transferLeadership'; readonly to: NodeId }
  | { readonly kind: 'setVisible'; readonly visible: boolean }
  | { readonly kind: 'forceNewCluster'; readonly abandon: readonly NodeId[] }

export type NodeMessage =
  | { readonly kind: 'answer'; readonly request: number; readonly answer: ProposeAnswer }
  /** Of a request that has no answer yet: some other node has the command in its log, or no longer has. */
  | { readonly kind: 'reach'; readonly request: number; readonly isElsewhere: boolean }
  /** `index` 0: it cannot be said now; ask again. */
  | { readonly kind: 'readable'; readonly id: number; readonly index: number }
  /** All commands after what was asked and up to `upTo`, in order. */
  | { readonly kind: 'entries'; readonly upTo: number; readonly entries: readonly FollowedEntry[] }
  /** Part of the state as it was at `snapshot`. */
  | {
      readonly kind: 'chunk'
      readonly snapshot: number
      readonly totalBytes: number
      readonly offset: number
      readonly data: Uint8Array
    }
  | { readonly kind: 'status'; readonly status: NodeStatus }
  | { readonly kind: 'controlled'; readonly id: number; readonly refusal: Refusal | undefined }
  /** In order; of very much the oldest is left out. `gone`: nodes that no longer can be reached. */
  | { readonly kind: 'heard'; readonly said: readonly Said[]; readonly gone: readonly NodeId[] }
  | { readonly kind: 'pong'; readonly nonce: number }
  | { readonly kind: 'seen'; readonly seen: readonly Seen[] }
  /** What was asked is not answered here. */
  | { readonly kind: 'refused'; readonly why: WhyRefused }

export type WhyRefused =
  /** This node carries the room without understanding its commands: another one has to be asked. */
  | 'carrier'
  /** The room asks before it lets anybody in, and tells nothing to who is no member. */
  | 'closed'

/** Part of a node's trace (`watch/telling.ts`), unread. */
export interface Seen {
  readonly from: NodeId
  readonly telling: Uint8Array
}

export interface Said {
  /** The node through which it was said. */
  readonly from: NodeId
  readonly payload: Uint8Array
}

/** A command as it stands in the log: the application's own bytes. */
export interface FollowedEntry {
  readonly index: number
  readonly term: number
  readonly command: Uint8Array
}

export interface Refusal {
  readonly kind: ClusterErrorKind
  readonly message: string
}

/** What a client is told of its node. */
export type NodeStatus = Pick<
  ClusterStatus,
  | 'id'
  | 'clusterId'
  | 'state'
  | 'failure'
  | 'role'
  | 'term'
  | 'leader'
  | 'commitIndex'
  | 'lastApplied'
  | 'members'
  | 'waitingFor'
>
