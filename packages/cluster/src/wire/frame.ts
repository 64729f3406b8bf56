/**
 * What travels between nodes: a versioned envelope (`docs/wire-protocol.md`) around one of these bodies.
 * A frame whose cluster id is not the receiver's is dropped, except a Join, which may come from outside.
 */
import type { Message, NodeId } from '@flotilla/core'
import type { Change, ChangeAnswer } from './change.ts'

export interface RaftFrame {
  readonly kind: 'raft'
  /** Counts up by one per sender and incarnation: with the sender's id, the message's id in traces. */
  readonly sequence: number
  readonly message: Message
}

/** "Let me in as a learner." Sent to everyone in reach until a configuration names the sender. Its cluster id may be all zero: "any". */
export interface JoinFrame {
  readonly kind: 'join'
}

/** Why the room's leader does not let a node in. */
export type JoinRefusal =
  /** It has as many members as a room may have, and all of them are there. */
  | 'RoomFull'
  /** Somebody removed this node by hand; `addMember` lets it in again. */
  | 'Removed'
  /** Somebody in the room is asked; until then it waits. */
  | 'Waiting'
  /** Somebody was asked, and did not let it in. */
  | 'Refused'

/** Why the leader does not let in who asked. Its cluster id may be one that the receiver does not know. */
export interface JoinAnswerFrame {
  readonly kind: 'joinAnswer'
  readonly refusal: JoinRefusal
}

/** "I keep nothing, and never vote": the sender is a guest, a learner for as long as its page is open. Said before it asks to be let in. */
export interface GuestFrame {
  readonly kind: 'guest'
}

/**
 * "I am there whether or not anybody has a page open": where such nodes vote, tabs do only where their votes raise no majority. Said before it asks to be
 * let in, and to each new leader.
 */
export interface LastingFrame {
  readonly kind: 'lasting'
}

/** "These are members", told to members: one that was away may not know yet whom to believe. */
export interface VouchFrame {
  readonly kind: 'vouch'
  /** Of the configuration that says so. */
  readonly index: number
  readonly members: readonly NodeId[]
}

/** What the state of the sender comes to, where it had applied everything up to `index` and nothing after (`node/divergence.ts`). */
export interface DigestFrame {
  readonly kind: 'digest'
  readonly index: number
  /** 16 lower-case hexadecimal digits. */
  readonly digest: string
  /** The receiver's own at this index is not known to the sender. */
  readonly wantsAnswer: boolean
}

/**
 * "The room went on without you": the sender's cluster was founded out of the receiver's, which was given up (`node/refounding.ts`).
 * The one frame that is for members of another cluster.
 */
export interface LeftBehindFrame {
  readonly kind: 'leftBehind'
  /** The receiver's cluster. */
  readonly former: string
}

/** What an application wants the leader to change. */
export interface ChangeFrame {
  readonly kind: 'change'
  /** Chosen by the sender; the answer returns it. */
  readonly request: number
  /** It was asked for before, of this leader or another, and may have been made. */
  readonly again: boolean
  readonly change: Change
}

export interface ChangeAnswerFrame {
  readonly kind: 'changeAnswer'
  readonly request: number
  readonly answer: ChangeAnswer
}

/** A client's command on its way to the leader. Retried under the same session and sequence, it takes effect once. */
export interface Proposal {
  /** Chosen by the sender; the answer returns it. */
  readonly request: number
  /** The bytes of the log entry, as `wire/command.ts` encodes them. */
  readonly data: Uint8Array
}

export interface ProposeFrame extends Proposal {
  readonly kind: 'propose'
}

/** Several at once, in the order in which they shall stand in the log. Each has an answer of its own. */
export interface ProposeAllFrame {
  readonly kind: 'proposeAll'
  readonly proposals: readonly Proposal[]
}

export type ProposeAnswer =
  | { readonly kind: 'applied'; readonly index: number; readonly term: number; readonly result: Uint8Array }
  | { readonly kind: 'notLeader'; readonly leader: NodeId | undefined }
  | { readonly kind: 'overloaded' }
  /** May still commit: a leader lost its office, or its mind changed, while the entry was under way. */
  /** With `at`, which is not sent: it took effect there, and what it came to a carrier does not know. */
  | { readonly kind: 'unknown'; readonly at?: { readonly index: number; readonly term: number } }
  | { readonly kind: 'sessionExpired' }
  /** Another entry was committed in its place: that copy is gone for good. May follow an `unknown`. */
  | { readonly kind: 'superseded' }

export interface ProposeAnswerFrame {
  readonly kind: 'proposeAnswer'
  readonly request: number
  readonly answer: ProposeAnswer
}

/** "My tab is closing": the leader need not wait for silence. */
export interface GoodbyeFrame {
  readonly kind: 'goodbye'
}

/** How well the sender's tab would lead (`merits.ts`): told to everyone when it changes, and to each new leader. */
export interface StandingFrame {
  readonly kind: 'merit'
  /** 0 to 255. */
  readonly priority: number
  readonly visible: boolean
}

/** For watchers (traces, pace): opaque here, JSON text in UTF-8. Never part of consensus, and not subject to injected faults. */
export interface ObserveFrame {
  readonly kind: 'observe'
  readonly payload: Uint8Array
}

export type FrameBody =
  | RaftFrame
  | JoinFrame
  | JoinAnswerFrame
  | VouchFrame
  | GuestFrame
  | LastingFrame
  | DigestFrame
  | LeftBehindFrame
  | ChangeFrame
  | ChangeAnswerFrame
  | ProposeFrame
  | ProposeAllFrame
  | ProposeAnswerFrame
  | GoodbyeFrame
  | ObserveFrame
  | StandingFrame

export interface Frame {
  /** 32 lower-case hexadecimal digits. */
  readonly clusterId: string
  readonly body: FrameBody
}

/** Why bytes are not a frame. Counted by the receiver, who drops them; a peer that keeps sending such is cut off. */
export type DecodeErrorKind =
  | 'Truncated'
  | 'TrailingBytes'
  | 'UnknownVersion'
  | 'UnknownType'
  | 'OutOfRange'
  | 'TooLong'
  | 'InvalidText'
  | 'Inconsistent'

export interface DecodeError {
  readonly kind: DecodeErrorKind
  /** Where in the frame, in bytes. */
  readonly offset: number
  readonly message: string
}

export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: DecodeError }
