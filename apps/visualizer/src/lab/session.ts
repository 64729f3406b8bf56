/**
 * One visit to the Lab: its runs, which of them is looked at and at which moment, and whether time passes. Moves in the
 * past make a fork, and no run is ever changed behind its end.
 */
import type { NodeId } from '@flotilla/core'
import {
  type Letter,
  loadSwitches,
  type Move,
  type RuleId,
  Run,
  type RunSetup,
  runSetup,
  type Step,
} from '@flotilla/simulator/lab'
import { createStore } from 'zustand'
import type { Focus, StageState } from '../stage/stage.ts'
import { emptyView } from '../trace-view/view.ts'
import { phrase } from '../words/phrase.ts'
import { runs as inWords } from '../words/runs.ts'
import { type Landmark, RunHistory } from './history.ts'
import { MOST_RUNS, withRun } from './kept-runs.ts'
import { partedAt } from './parting.ts'
import type { ShownRun } from './shown-run.ts'

/** How many wall milliseconds one of the run's takes: a log scale. */
export const PACES: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500]

export type Panel = 'why' | 'node' | 'messages' | 'clients' | 'rules' | 'properties'

export interface KeptRun {
  readonly id: number
  readonly history: RunHistory
  /** Of which run it is a fork, and where. */
  readonly parent: { readonly id: number; readonly step: number } | undefined
  readonly name: string
}

export interface LabState {
  readonly runs: readonly KeptRun[]
  readonly current: number
  readonly step: number
  /** Virtual milliseconds: between the event and the next. */
  readonly at: number
  /** As far as it was played, in this run. */
  readonly end: number
  readonly count: number
  readonly playing: boolean
  readonly pace: number
  readonly panel: Panel
  /** How often somebody asked for a panel: where there is room for one view at a time, it comes forward. */
  readonly asks: number
  /** An event that is asked about, instead of the latest; and a message that is picked. */
  readonly asked: number | undefined
  readonly picked: string | undefined
  /** What was last refused, in words. */
  readonly notice: string | undefined
  /** Of the setup, as of the current run. */
  readonly setup: RunSetup
  /** The run that stands beside the current one, if two are compared. */
  readonly beside: number | undefined
}

export class LabSession {
  readonly store
  readonly cluster = createStore<StageState>()(() => ({ view: emptyView, self: undefined, busy: false }))
  readonly focus = createStore<Focus>()(set => ({
    selected: undefined,
    lit: undefined,
    select: selected => {
      set({ selected })
      if (selected !== undefined) this.show('node')
    },
    light: lit => set(state => (state.lit === lit ? state : { lit })),
  }))
  readonly #wakes = new Set<() => void>()
  #made = 0
  #frame: number | undefined
  #lastFrame = 0
  /** Where the cursor is. While time passes, the store follows a few times a second, and what moves asks here. */
  #step = 0
  #at = 0
  #lastShown = 0
  #until = Number.POSITIVE_INFINITY

  constructor(setup: RunSetup = runSetup({ nodes: 5, seed: 1 })) {
    const first = this.#keep(new Run(setup), undefined)
    this.store = createStore<LabState>()(() => ({
      runs: [first],
      current: first.id,
      step: 0,
      at: 0,
      end: 0,
      count: 1,
      playing: false,
      pace: 20,
      panel: 'node',
      asks: 0,
      asked: undefined,
      picked: undefined,
      notice: undefined,
      setup,
      beside: undefined,
    }))
    this.#look(0, 0)
  }

  get kept(): KeptRun {
    const { runs, current } = this.store.getState()
    const kept = runs.find(({ id }) => id === current) ?? runs[0]
    if (kept === undefined) throw new Error('a visit has a run')
    return kept
  }

  get history(): RunHistory {
    return this.kept.history
  }

  get run(): ShownRun {
    return this.history.run
  }

  /** The event that the cursor stands at. */
  get stepNow(): Step {
    return this.run.steps[this.#step] ?? this.run.latest
  }

  get now(): number {
    return this.#at
  }

  get pace(): number {
    return this.store.getState().pace
  }

  get playing(): boolean {
    return this.store.getState().playing
  }

  onWake(wake: () => void): () => void {
    this.#wakes.add(wake)
    return () => this.#wakes.delete(wake)
  }

  // ---- Time --------------------------------------------------------------------------------------------------------

  play(): void {
    if (this.store.getState().playing) return
    this.store.setState({ playing: true, asked: undefined, notice: undefined })
    this.#lastFrame = performance.now()
    this.#ask()
    this.#wake()
  }

  /** As `play`, and stops there. */
  playTo(end: number): void {
    this.play()
    this.#until = end
  }

  pause(): void {
    this.#until = Number.POSITIVE_INFINITY
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    if (this.store.getState().playing) this.#look(this.#step, this.#at)
    this.store.setState({ playing: false })
    this.#wake()
  }

  togglePlay(): void {
    if (this.store.getState().playing) this.pause()
    else this.play()
  }

  setPace(pace: number): void {
    this.store.setState({ pace })
    this.#wake()
  }

  changePace(by: number): void {
    const place = PACES.indexOf(this.store.getState().pace)
    const pace = PACES[Math.min(PACES.length - 1, Math.max(0, place + by))]
    if (pace !== undefined) this.setPace(pace)
  }

  /** One event on: the next that is written down, or the next to happen. */
  stepOn(): void {
    this.pause()
    const step = this.#step
    if (step >= this.run.steps.length - 1 && this.run.step() === undefined) {
      this.store.setState({ notice: this.#whyItEnds() ?? inWords().nothingHappens })
      return
    }
    this.goTo(step + 1)
  }

  stepBack(): void {
    this.pause()
    this.goTo(this.#step - 1)
  }

  /** To an event. */
  goTo(step: number): void {
    const last = this.run.steps.length - 1
    const place = Math.min(last, Math.max(0, step))
    this.#look(place, this.run.steps[place]?.at ?? 0)
  }

  /** To a time; the pointer on the scrubber does not stop at events. */
  seek(at: number): void {
    this.pause()
    const time = Math.min(this.run.now, Math.max(0, at))
    this.#look(this.history.stepAt(time), time)
  }

  /** To the next such event, playing on if it has not happened yet. */
  jump(kind: Landmark['kind'], direction: 1 | -1 = 1): void {
    this.pause()
    const step = this.#step
    const { landmarks } = this.history
    this.history.view(this.run.steps.length - 1)
    const isIt = (mark: Landmark) => mark.kind === kind
    if (direction === -1) {
      const before = landmarks.findLast(mark => isIt(mark) && mark.step < step)
      if (before !== undefined) this.goTo(before.step)
      else this.store.setState({ notice: inWords().noneBefore[kind] })
      return
    }
    const known = landmarks.find(mark => isIt(mark) && mark.step > step)
    if (known !== undefined) return this.goTo(known.step)
    const limit = this.run.now + JUMP_MS
    while (this.run.now < limit) {
      const next = this.run.step()
      if (next === undefined) break
      this.history.view(next.index)
      const mark = landmarks.at(-1)
      if (mark !== undefined && isIt(mark) && mark.step === next.index) return this.goTo(next.index)
    }
    this.goTo(this.run.steps.length - 1)
    this.store.setState({ notice: this.#whyItEnds() ?? inWords().noneAfter[kind](JUMP_MS / 1000) })
  }

  // ---- Deeds -------------------------------------------------------------------------------------------------------

  /** Does it now: in the past, in a fork that both are kept from. Says whether it could be done. */
  act(move: Move): boolean {
    const { playing } = this.store.getState()
    const step = this.#step
    const at = this.#at
    let { run } = this
    let notice: string | undefined
    if (run.title !== undefined) return this.#refuse(inWords().recordingOnly)
    const isPast = step < run.steps.length - 1
    if (isPast) {
      run = run.fork(step, at)
      const refused = run.act(move, Math.max(at, run.now))
      if (refused !== undefined) return this.#refuse(phrase(refused.reason))
      const kept = this.#keep(run, { id: this.kept.id, step }, this.history.fork(run, step))
      const { runs, dropped } = withRun(this.store.getState().runs, kept, this.store.getState().beside)
      notice = dropped && inWords().madeRoom(dropped.name, MOST_RUNS)
      this.store.setState({ runs, current: kept.id })
    } else {
      const refused = run.act(move, Math.max(at, run.now))
      if (refused !== undefined) return this.#refuse(phrase(refused.reason))
    }
    this.store.setState({ notice, picked: undefined, asked: undefined })
    this.goTo(run.steps.length - 1)
    if (playing) this.#lastFrame = performance.now()
    return true
  }

  #refuse(notice: string): false {
    this.store.setState({ notice })
    return false
  }

  /** The same moves under other rules, beside this run. */
  async setRule(rule: RuleId, isOff: boolean): Promise<void> {
    this.pause()
    await loadSwitches()
    const { setup } = this.run
    const off = isOff ? [...setup.off, rule] : setup.off.filter(id => id !== rule)
    const { run } = this.run.under({ off })
    this.#open(run, { id: this.kept.id, step: 0 }, Math.min(this.now, run.now))
  }

  /** A run of its own: another seed, other nodes, other numbers. */
  begin(change: Partial<RunSetup>): void {
    this.pause()
    this.#open(new Run(runSetup({ ...this.run.setup, disks: {}, ...change })), undefined, 0)
  }

  /** A run that was made elsewhere: by a lesson, or from a link. */
  open(run: ShownRun, at = run.now): void {
    this.pause()
    this.#open(run, undefined, at)
  }

  /** A recording, looked through already. */
  openHistory(history: RunHistory): void {
    this.pause()
    this.#open(history.run, undefined, 0, history)
  }

  /** Puts that run beside this one, at the event at which they parted; or takes it away again. */
  compare(id: number | undefined): void {
    this.pause()
    const { runs, current } = this.store.getState()
    const beside = id === current || !runs.some(run => run.id === id) ? undefined : id
    this.store.setState({ beside, asked: undefined, picked: undefined, notice: undefined })
    if (beside !== undefined) this.goTo(partedAt(runs, current, beside))
  }

  /** With the run that this one was forked from, or the last that was forked from it, or any. */
  toggleComparison(): void {
    const { runs, current, beside } = this.store.getState()
    if (beside !== undefined) return this.compare(undefined)
    const parent = runs.find(run => run.id === this.kept.parent?.id)
    const other = parent ?? runs.findLast(run => run.parent?.id === current) ?? runs.findLast(run => run.id !== current)
    if (other === undefined) this.store.setState({ notice: inWords().nothingToCompare })
    else this.compare(other.id)
  }

  /** Whoever stood beside changes places with it. */
  switchTo(id: number): void {
    this.pause()
    const { current, beside } = this.store.getState()
    if (beside === id) this.store.setState({ beside: current })
    const at = this.#at
    this.store.setState({ current: id, asked: undefined, picked: undefined })
    const time = Math.min(at, this.run.now)
    this.#look(this.history.stepAt(time), time)
  }

  // ---- What is looked at -------------------------------------------------------------------------------------------

  show(panel: Panel): void {
    this.store.setState(({ asks }) => ({ panel, asks: asks + 1 }))
  }

  /** Why did this happen? `undefined` for whatever the cursor stands at. */
  ask(step: number | undefined): void {
    this.pause()
    this.store.setState({ asked: step })
    this.show('why')
  }

  /** Something that went wrong, or that one should know. */
  tell(notice: string): void {
    this.store.setState({ notice })
  }

  pick(message: string | undefined): void {
    this.store.setState({ picked: message })
    if (message !== undefined) this.show('messages')
  }

  letter(name: string | undefined): Letter | undefined {
    return name === undefined ? undefined : this.stepNow.letters.find(letter => letter.name === name)
  }

  /** Of several who believe that they lead, the one of the latest term. */
  get leader(): NodeId | undefined {
    const leaders = [...this.cluster.getState().view.nodes.values()].filter(
      ({ role, life }) => role === 'leader' && life === 'running',
    )
    return leaders.sort((a, b) => b.term - a.term)[0]?.id
  }

  nodeIds(): readonly NodeId[] {
    return [...this.cluster.getState().view.nodes.keys()]
  }

  dispose(): void {
    this.pause()
  }

  // ------------------------------------------------------------------------------------------------------------------

  #keep(run: ShownRun, parent: KeptRun['parent'], history = new RunHistory(run)): KeptRun {
    this.#made += 1
    return { id: this.#made, history, parent, name: run.title ?? inWords().runNumber(this.#made) }
  }

  #open(run: ShownRun, parent: KeptRun['parent'], at: number, history?: RunHistory): void {
    const kept = this.#keep(run, parent, history)
    this.store.setState(({ runs }) => ({
      runs: withRun(runs, kept, undefined).runs,
      current: kept.id,
      beside: undefined,
      asked: undefined,
      picked: undefined,
      notice: undefined,
    }))
    this.#look(kept.history.stepAt(at), at)
  }

  #look(step: number, at: number): void {
    this.#step = step
    this.#at = at
    this.#lastShown = performance.now()
    const { history, run } = this
    const view = history.view(step)
    if (this.cluster.getState().view !== view) this.cluster.setState({ view })
    this.store.setState({ step, at, end: run.now, count: run.steps.length, setup: run.setup })
    this.#wake()
  }

  #tellOnce(notice: string): void {
    if (this.store.getState().notice !== notice) this.tell(notice)
  }

  /** Why nothing more can be played of this run, whatever would happen in it. */
  #whyItEnds(): string | undefined {
    const { run } = this
    if (run.title !== undefined) return inWords().recordingEnds
    return run.isFull ? inWords().runIsFull : undefined
  }

  #ask(): void {
    this.#frame = requestAnimationFrame(time => this.#onFrame(time))
  }

  #onFrame(time: number): void {
    const { pace } = this.store.getState()
    const at = this.#at
    const step = this.#step
    // A tab that was hidden does not catch up.
    const passed = Math.min(100, Math.max(0, time - this.#lastFrame))
    this.#lastFrame = time
    const to = Math.min(this.#until, at + passed / pace)
    const { run } = this
    if (to > run.now) {
      const end = this.#whyItEnds()
      if (end !== undefined) {
        this.#look(run.steps.length - 1, run.now)
        this.pause()
        this.store.setState({ notice: end })
        return
      }
      // Time itself may be what is waited for: whoever heard a leader a moment ago gives nobody else its vote.
      if (run.next() === undefined) this.#tellOnce(inWords().onlyTimePasses)
      run.playTo(to)
    }
    const reached = this.history.stepAt(to)
    if (this.#brokeBetween(step, reached)) return
    this.#step = reached
    this.#at = to
    // What is read and not followed by the eye: the logs, the numbers, the panels.
    if (time - this.#lastShown >= SHOWN_EVERY_MS || to >= this.#until) this.#look(reached, to)
    if (to >= this.#until) this.pause()
    else this.#ask()
  }

  /** Time stops where a property breaks: nobody should have to be quick. */
  #brokeBetween(from: number, to: number): boolean {
    for (let i = from + 1; i <= to; i++) {
      if ((this.run.steps[i]?.violations.length ?? 0) === 0) continue
      this.goTo(i)
      this.pause()
      return true
    }
    return false
  }

  #wake(): void {
    for (const wake of this.#wakes) wake()
  }
}

/** How far a jump plays on before it gives up. Virtual milliseconds. */
const JUMP_MS = 5_000
/** While time passes. The ring itself is drawn in every frame. */
const SHOWN_EVERY_MS = 80
