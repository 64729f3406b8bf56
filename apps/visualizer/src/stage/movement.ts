/** What moves in the ring, asked at every frame that is drawn: React never hears of it. */
import type { NodeId } from '@flotilla/core'
import type { Flight } from '../trace-view/messages-in-flight.ts'

export interface Movement {
  /** The host's time in milliseconds, in which everything here is told: the wall clock's, or that of a run at a cursor. */
  now(): number
  /** How many milliseconds of it one of the nodes' own takes. Above 1 a single message can be followed. */
  readonly pace: number
  /** Whether the processor has more urgent work than to draw often. */
  readonly busy: boolean
  /** What is left of a node's election timer at `at`, from 1 down to 0; `undefined` where none runs. */
  timerLeft(id: NodeId, at: number): number | undefined
  /** How long until it runs out, from `at` on, in milliseconds of the node's own clock; `undefined` where none runs. */
  timerMs(id: NodeId, at: number): number | undefined
  /** The messages to draw at `at`. */
  flights(at: number): readonly Flight[]
  /** Whether any moment from `at` on looks different, if nobody calls. */
  isMoving(at: number): boolean
  /** Calls back whenever something may have begun to move, until the result is called. */
  onWake(wake: () => void): () => void
}
