/** A run of a seed that can be run again with some of its faults left out, whatever rooms it is of. */
import type { Violation } from '../invariants/invariant.ts'

export interface ReplayOptions {
  /** Faults and requests that do not happen, by number. */
  readonly leftOut?: ReadonlySet<number>
  /** Told what happens, a line each. */
  readonly onLine?: (line: string) => void
}

export interface Replayed {
  /** The kind of day. */
  readonly day: string
  readonly events: number
  readonly simulatedMs: number
  readonly violations: readonly Violation[]
  /** Faults and requests, in the order of their numbers (from 1). */
  readonly happenings: readonly string[]
  /** How often each rare situation came about. */
  readonly marks: ReadonlyMap<string, number>
  /** 32 bits over everything that happened, as 8 hexadecimal digits. */
  readonly traceHash: string
}

export type Replay = (seed: number, options?: ReplayOptions) => Promise<Replayed>
