/**
 * One event of a run: what happened, what led to it, and what it changed. Written down by the engine while it happens, so
 * that *why?* is answered from the run and never guessed.
 */
import type { Message, MessageSummary, NodeId, Outcome, TraceEvent } from '@flotilla/core'
import type { Violation } from '../invariants/invariant.ts'
import type { Move } from './move.ts'

/** A message on its way. */
export interface Letter {
  /** Unique in its run: the message's own number, and for a copy of it a letter more. */
  readonly name: string
  readonly from: NodeId
  readonly to: NodeId
  /** All of it; `undefined` in a recording, which has only the summary. */
  readonly message: Message | undefined
  readonly summary: MessageSummary
  readonly sentAt: number
  /** When it arrives, if nobody touches it. */
  readonly arrivesAt: number
  /** The event in which it was sent. */
  readonly sentIn: number
  readonly held: boolean
}

export type Occurrence =
  | { readonly type: 'began' }
  | { readonly type: 'delivered'; readonly letter: Letter }
  | { readonly type: 'lost'; readonly letter: Letter; readonly reason: string }
  /** A timer ran out: an election's, or at a leader the one for heartbeats. */
  | { readonly type: 'timer' }
  /** A write to the disk was completed. */
  | { readonly type: 'written'; readonly token: number }
  | { readonly type: 'moved'; readonly move: Move }
  /** In a recording: told of by whoever wrote it down. */
  | { readonly type: 'told' }

/** What led to an event: an earlier event, or nothing in the run but a person. */
export type Cause =
  | { readonly type: 'none' }
  /** The event that sent the message, … */
  | { readonly type: 'message'; readonly step: number; readonly letter: Letter }
  /** … set the timer, … */
  | { readonly type: 'timer'; readonly step: number }
  /** … or handed the disk what it has now written. */
  | { readonly type: 'disk'; readonly step: number }

/** What the network and the machines are like, as far as somebody made them so. */
export interface Conditions {
  readonly cut: readonly (readonly [from: NodeId, to: NodeId])[]
  readonly frozen: readonly NodeId[]
  readonly clockRates: Readonly<Record<NodeId, number>>
}

export const calmConditions: Conditions = { cut: [], frozen: [], clockRates: {} }

/** When a node's timer runs out, in virtual time as its clock runs now; and since when it has been running. */
export interface Alarm {
  readonly node: NodeId
  readonly kind: 'election' | 'heartbeat'
  readonly startedAt: number
  readonly at: number
}

/** What a client asked for, and what became of it. */
export interface ClientOperation {
  readonly number: number
  readonly node: NodeId
  readonly kind: 'write' | 'read'
  readonly key: number
  readonly value: number
  /** The events of the call and of the answer; `undefined` while there is none. */
  readonly invokedIn: number
  readonly returnedIn: number | undefined
  /** The same by the world's finer count, by which an order is judged; Infinity while there is no answer. */
  readonly invoked: number
  readonly returned: number
  readonly outcome: 'pending' | 'done' | 'failed' | 'unknown'
}

export interface Step {
  readonly index: number
  /** Virtual milliseconds. */
  readonly at: number
  /** Where it happened; `undefined` for what happens to the network. */
  readonly node: NodeId | undefined
  readonly occurrence: Occurrence
  readonly cause: Cause
  readonly trace: readonly TraceEvent[]
  /** Sent in this event. */
  readonly sent: readonly Letter[]
  /** What core said to a client's request. */
  readonly outcome: Outcome | undefined
  /** Properties that this event was the first to break. */
  readonly violations: readonly Violation[]
  // After it:
  readonly letters: readonly Letter[]
  readonly alarms: readonly Alarm[]
  readonly conditions: Conditions
  readonly operations: readonly ClientOperation[]
  /** How often each property has been checked, in the order of `propertyNames`. */
  readonly checks: Uint32Array
}
