/**
 * One learner in one lesson: which step, what was predicted, and the run of each step on the Lab's bench. The run decides
 * what was right; leaving the lesson's run is free play, and coming back finds the step as it was.
 */
import { holds, perform, Run, type RunSetup, runSetup, type Step } from '@flotilla/simulator/lab'
import { type Lesson, rightOption, sceneAfter, sceneBefore, sceneOfCheck } from '@flotilla/simulator/lessons'
import { createStore } from 'zustand'
import { LabSession } from '../lab/session.ts'
import { nearestStep, taskNumber } from './lesson-address.ts'

export type Phase =
  /** Before the first step: the goal. */
  | 'goal'
  /** Something is asked, and nothing has happened yet. */
  | 'asking'
  /** The step's events are being watched; a prediction was made, if there was a question. */
  | 'watching'
  | 'told'
  /** The closing task. */
  | 'task'
  | 'done'

export interface LessonState {
  readonly step: number
  readonly phase: Phase
  /** What was predicted at each step, by its number. */
  readonly predictions: Readonly<Record<number, number>>
  /** Which option came true in this step. */
  readonly right: number | undefined
  readonly hinted: boolean
  readonly shown: boolean
}

/** What takes the whole of a step to watch, about. Wall milliseconds. */
const WATCH_MS = 7_000

export class LessonSession {
  /** It may be put into other words at any time, and nothing else. */
  lesson: Lesson
  readonly lab: LabSession
  readonly store
  /** The run that the lesson put on the bench, and how far it went: what comes after that is not the lesson's. */
  #scene: { readonly run: Run; readonly events: number; readonly now: number } | undefined

  #putting = false
  /** The event after which it was last looked whether the task is done. */
  #judged: Step | undefined

  constructor(lesson: Lesson) {
    this.lesson = lesson
    this.lab = new LabSession(setupOf(lesson))
    this.store = createStore<LessonState>()(() => ({
      step: 0,
      phase: 'goal',
      predictions: {},
      right: undefined,
      hinted: false,
      shown: false,
    }))
    this.lab.store.subscribe(() => this.#onLab())
  }

  get taskNumber(): number {
    return taskNumber(this.lesson)
  }

  /** Somebody did something of their own, or played on. */
  get isFree(): boolean {
    if (this.#scene === undefined) return false
    const { run, events, now } = this.#scene
    return this.lab.run !== run || run.steps.length !== events || run.now !== now
  }

  goTo(step: number): void {
    const place = nearestStep(this.lesson, step)
    const given = this.lesson.steps[place - 1]
    this.store.setState({ step: place, right: undefined, hinted: false, shown: false })
    if (place === 0) {
      this.store.setState({ phase: 'goal' })
      this.#put(new Run(setupOf(this.lesson)))
    } else if (given === undefined) {
      this.store.setState({ phase: 'task' })
      this.#put(sceneOfCheck(this.lesson).run)
    } else if (given.ask !== undefined && this.store.getState().predictions[place] === undefined) {
      this.store.setState({ phase: 'asking' })
      this.#put(sceneBefore(this.lesson, place).run)
    } else this.#watch(place)
  }

  /** The learner has said what will happen: now it does. */
  predict(option: number): void {
    const { step, predictions } = this.store.getState()
    this.store.setState({ predictions: { ...predictions, [step]: option } })
    this.#watch(step)
  }

  /** Forgets the prediction of this step, and asks again. */
  askAgain(): void {
    const { step, predictions } = this.store.getState()
    const { [step]: _, ...others } = predictions
    this.store.setState({ predictions: others })
    this.goTo(step)
  }

  /** To the end of what is being watched. */
  skip(): void {
    this.lab.pause()
    this.lab.goTo(this.lab.run.steps.length - 1)
    if (this.store.getState().phase === 'watching') this.store.setState({ phase: 'told' })
  }

  hint(): void {
    this.store.setState({ hinted: true })
  }

  /** One way to do the task, to watch. */
  showSolution(): void {
    const { run } = sceneOfCheck(this.lesson)
    const since = run.latest.index
    perform(run, this.lesson.check.solution)
    this.store.setState({ shown: true, phase: 'task' })
    this.#put(run, since)
  }

  dispose(): void {
    this.lab.dispose()
  }

  #watch(step: number): void {
    const { run, since } = sceneAfter(this.lesson, step)
    const ask = this.lesson.steps[step - 1]?.ask
    this.store.setState({ phase: 'watching', right: ask === undefined ? undefined : rightOption(ask, run) })
    this.#put(run, since)
  }

  /** On the bench at its end; or from `since` on, to be watched. */
  #put(run: Run, since?: number): void {
    this.#scene = { run, events: run.steps.length, now: run.now }
    const from = since === undefined ? undefined : run.steps[since]?.at
    const last = run.latest.at
    // Until it stands there, what the bench shows is neither this run nor the one before.
    this.#putting = true
    if (from === undefined || last <= from) {
      this.lab.open(run)
      this.skip()
    } else {
      this.lab.open(run, from)
      this.lab.setPace(paceFor(last - from))
      this.lab.playTo(last)
    }
    this.#putting = false
    this.#onLab()
  }

  #onLab(): void {
    if (this.#putting) return
    const { phase } = this.store.getState()
    const { step } = this.lab.store.getState()
    const last = (this.#scene?.events ?? 0) - 1
    if (phase === 'watching' && step >= last) this.store.setState({ phase: 'told' })
    if (phase === 'task' && this.#isNewsAtEnd(step) && this.isTaskDone()) this.store.setState({ phase: 'done' })
  }

  /** Something has happened since this was last asked, and it is looked at: what is shown to be watched is judged at its end. */
  #isNewsAtEnd(step: number): boolean {
    const { run } = this.lab
    const { latest } = run
    if (step < latest.index || latest === this.#judged) return false
    this.#judged = latest
    return true
  }

  isTaskDone(): boolean {
    return this.lesson.check.expect.every(each => holds(this.lab.run, each))
  }
}

const setupOf = ({ setup }: Lesson): RunSetup => runSetup(setup)

/** Slow enough to be followed, and not so slow that one waits. */
function paceFor(ms: number): number {
  const wanted = WATCH_MS / Math.max(1, ms)
  return [50, 20, 10, 5].find(pace => pace <= wanted) ?? 5
}
