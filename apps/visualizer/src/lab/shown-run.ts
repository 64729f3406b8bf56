/** What the Lab shows: a run of its own simulator, or a recording of somebody else's. */
import type { Impossible, Move, NodeState, PlacedMove, RunSetup, Step } from '@flotilla/simulator/lab'
import type { Verdict } from '@flotilla/trace'

export interface ShownRun {
  readonly setup: RunSetup
  readonly steps: readonly Step[]
  readonly moves: readonly PlacedMove[]
  readonly latest: Step
  /** Virtual milliseconds: how far it has been played. */
  readonly now: number
  readonly isFull: boolean
  next(): object | undefined
  step(): Step | undefined
  playTo(at: number): void
  act(move: Move, at?: number): Impossible | undefined
  fork(step: number, at: number): ShownRun
  under(change: Partial<Pick<RunSetup, 'off' | 'seed' | 'tuning'>>): { readonly run: ShownRun }
  node(id: string): NodeState | undefined
  // Of a recording only:
  readonly title?: string
  /** Rules that were off, in the words of whoever recorded it. */
  readonly modified?: readonly string[]
  readonly verdicts?: readonly Verdict[]
  /** Of an event that broke a property: the events that prove it. */
  proofOf?(step: number): readonly Step[] | undefined
}
