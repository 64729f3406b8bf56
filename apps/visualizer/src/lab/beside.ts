/** A kept run that is looked at beside the current one, at the same moment: it follows the cursor, and is never acted on. */
import type { Step } from '@flotilla/simulator/lab'
import { createStore } from 'zustand'
import type { StageState } from '../stage/stage.ts'
import { emptyView } from '../trace-view/view.ts'
import type { Moment } from './movement.ts'
import type { KeptRun, LabSession } from './session.ts'
import type { ShownRun } from './shown-run.ts'

export class Beside implements Moment {
  readonly kept: KeptRun
  readonly cluster = createStore<StageState>()(() => ({ view: emptyView, self: undefined, busy: false }))
  readonly #session: LabSession

  constructor(session: LabSession, kept: KeptRun) {
    this.#session = session
    this.kept = kept
    this.follow()
  }

  /** To wherever the cursor is, playing on as far as the other run was played. */
  follow(): void {
    const { history } = this.kept
    const { now } = this.#session
    if (history.run.now < now) history.run.playTo(now)
    const view = history.view(this.step)
    if (this.cluster.getState().view !== view) this.cluster.setState({ view })
  }

  get run(): ShownRun {
    return this.kept.history.run
  }

  get now(): number {
    return Math.min(this.#session.now, this.run.now)
  }

  get step(): number {
    const { history } = this.kept
    return history.stepAt(this.now)
  }

  get stepNow(): Step {
    return this.run.steps[this.step] ?? this.run.latest
  }

  get pace(): number {
    return this.#session.pace
  }

  get playing(): boolean {
    return this.#session.playing
  }

  onWake(wake: () => void): () => void {
    return this.#session.onWake(wake)
  }
}
