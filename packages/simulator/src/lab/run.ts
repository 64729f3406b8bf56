/**
 * A run in the Lab: a setup, what somebody did and when, and every event that came of it. The same setup and moves make the
 * same run, event for event: that is how the past is gone back to, shared, and continued in another way.
 */
import type { NodeId } from '@flotilla/core'
import type { Move, PlacedMove } from './move.ts'
import type { NodeState } from './node-state.ts'
import { type Impossible, performMove } from './perform-move.ts'
import { type RunSetup, runSetup } from './setup.ts'
import { type Due, Simulation } from './simulation.ts'
import type { Step } from './step.ts'

/** So many events are kept; nobody follows more, and memory ends somewhere. */
export const mostSteps = 50_000

/** After so many events the whole cluster is copied, … */
export const checkpointEvery = 250
/** … and in a long run after this share of it: copies cost more there, and what they save is measured by its length. */
const CHECKPOINT_SHARE = 1 / 32

/**
 * Not before `at`, in microseconds. What is in few digits already stays as it is, to the bit: a run that is made again from
 * its moves would drift otherwise (258.927 * 1000 is a little more than 258927).
 */
export function inFewDigits(at: number): number {
  return Math.round(at * 1000) / 1000 === at ? at : Math.ceil(at * 1000) / 1000
}

/** The cluster as it was after the first so many events and moves. Never played on; only copies of it are. */
interface Checkpoint {
  readonly steps: number
  readonly moves: number
  readonly simulation: Simulation
}

export class Run {
  readonly setup: RunSetup
  readonly #simulation: Simulation
  readonly #steps: Step[]
  readonly #moves: PlacedMove[]
  /** What it was now and then, the oldest first. */
  readonly #checkpoints: Checkpoint[]

  constructor(
    setup: RunSetup,
    from?: { readonly simulation: Simulation; readonly run: Run; readonly past: Checkpoint },
  ) {
    this.setup = setup
    if (from === undefined) {
      this.#simulation = new Simulation(setup)
      this.#steps = [this.#simulation.begin()]
      this.#moves = []
      this.#checkpoints = []
      return
    }
    const { simulation, run, past } = from
    this.#simulation = simulation
    this.#steps = run.#steps.slice(0, past.steps)
    this.#moves = run.#moves.slice(0, past.moves)
    this.#checkpoints = run.#checkpoints.filter(({ steps }) => steps <= past.steps)
  }

  /** Made again from what is written down of it. Moves that cannot be made there are passed over, and counted. */
  static of(
    setup: RunSetup,
    moves: readonly PlacedMove[],
    until?: { readonly step: number; readonly at: number },
  ): Remade {
    const run = new Run(setup)
    let skipped = 0
    for (const { after, at, move } of moves) {
      if (until !== undefined && after >= until.step) break
      run.#playToEvent(after)
      if (run.act(move, at) !== undefined) skipped += 1
    }
    if (until !== undefined) run.#stopAt(until)
    return { run, skipped }
  }

  get steps(): readonly Step[] {
    return this.#steps
  }

  get moves(): readonly PlacedMove[] {
    return this.#moves
  }

  /** Virtual milliseconds: how far it has been played. */
  get now(): number {
    return this.#simulation.now
  }

  get latest(): Step {
    const latest = this.#steps.at(-1)
    if (latest === undefined) throw new Error('a run has its beginning')
    return latest
  }

  get isFull(): boolean {
    return this.#steps.length >= mostSteps
  }

  /** No message is on its way that nobody holds back, and no disk is busy. */
  get isSettled(): boolean {
    return this.#simulation.isSettled
  }

  node(id: NodeId): NodeState | undefined {
    return this.#simulation.stateOf(id)
  }

  next(): Due | undefined {
    return this.isFull ? undefined : this.#simulation.next()
  }

  /** The next event; `undefined` if nothing happens by itself any more. */
  step(): Step | undefined {
    const due = this.next()
    if (due === undefined) return undefined
    const step = this.#simulation.happenNext(due)
    this.#steps.push(step)
    this.#rememberNow()
    return step
  }

  /** Everything that happens up to `at`, and then it is that time. */
  playTo(at: number): void {
    for (;;) {
      const due = this.next()
      if (due === undefined || due.at > at) break
      this.step()
    }
    this.#simulation.passTo(at)
  }

  /** Steps until `done`, or nothing happens any more, or it takes longer than `ms`. Whether it was done. */
  playUntil(done: (step: Step) => boolean, ms: number): boolean {
    const end = this.now + ms
    for (;;) {
      const due = this.next()
      if (due === undefined || due.at > end) return false
      const step = this.step()
      if (step !== undefined && done(step)) return true
    }
  }

  /** Somebody interferes, at `at` or now. Says why not, if it cannot be done. */
  act(move: Move, at = this.now): Impossible | undefined {
    if (this.isFull) return { kind: 'impossible', reason: `A run has at most ${mostSteps} events.` }
    const before = this.now
    // A link holds every digit of it.
    this.#simulation.passTo(inFewDigits(at))
    const after = this.#steps.length - 1
    const made = performMove(this.#simulation, move)
    if (made.kind === 'impossible') {
      this.#simulation.goBackTo(before)
      return made
    }
    this.#moves.push({ after, at: this.now, move })
    this.#steps.push(...made.steps)
    this.#rememberNow()
    return undefined
  }

  /** This run up to that event and time, to go on from there in another way. Played again only from the last checkpoint on. */
  fork(step: number, at: number): Run {
    const past = this.#checkpoints.findLast(({ steps }) => steps <= step)
    if (past === undefined) return Run.of(this.setup, this.#moves, { step, at }).run
    const run = new Run(this.setup, { simulation: past.simulation.copy(), run: this, past })
    for (const { after, at, move } of this.#moves.slice(past.moves)) {
      if (after >= step) break
      run.#playToEvent(after)
      run.act(move, at)
    }
    run.#stopAt({ step, at })
    return run
  }

  /** The same moves at the same times where other rules hold: there, events are not numbered the same. */
  under(change: Partial<Pick<RunSetup, 'off' | 'seed' | 'tuning'>>): Remade {
    const run = new Run(runSetup({ ...this.setup, ...change }))
    let skipped = 0
    for (const { after, at, move } of this.#moves) {
      run.#playToMoment(after, at)
      if (run.act(move, at) !== undefined) skipped += 1
    }
    run.playTo(this.now)
    return { run, skipped }
  }

  #rememberNow(): void {
    const { length } = this.#steps
    const last = this.#checkpoints.at(-1)?.steps ?? 0
    if (length < last + Math.max(checkpointEvery, last * CHECKPOINT_SHARE)) return
    this.#checkpoints.push({ steps: length, moves: this.#moves.length, simulation: this.#simulation.copy() })
  }

  #stopAt(until: { readonly step: number; readonly at: number }): void {
    this.#playToEvent(until.step)
    this.#simulation.passTo(until.at)
  }

  #playToEvent(after: number): void {
    while (this.#steps.length <= after) if (this.step() === undefined) return
  }

  /** Everything before `at`; and of what happens just then, what happened before the event after `after`. */
  #playToMoment(after: number, at: number): void {
    for (;;) {
      const due = this.next()
      if (due === undefined || due.at > at) return
      if (due.at === at && this.#steps.length > after) return
      this.step()
    }
  }
}

export interface Remade {
  readonly run: Run
  /** Moves that could not be made: a message that was not sent here, a node that is down. */
  readonly skipped: number
}
