/** A property that a trace alone can decide: one file each in `checks/`. */
import type { TraceEvent } from '@flotilla/core'
import type { History } from './history.ts'

export interface Violation {
  /** The property's name. */
  readonly property: string
  /** What is wrong, with the values compared. */
  readonly detail: string
  /** The numbers of the events that prove it, from 0, in order; the last is the one that broke it. */
  readonly events: readonly number[]
}

/** Says that something was compared; with a detail, that it was wrong. */
export interface Report {
  held(): void
  broken(detail: string, ...earlier: readonly number[]): void
}

export interface Check {
  readonly property: string
  /** Where the rule stands, in the extended Raft paper unless said otherwise. */
  readonly section: string
  /** Looks at an event that the history does not have yet. */
  see(event: TraceEvent, history: History, report: Report): void
}
