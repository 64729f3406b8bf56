/**
 * What a run looked like after each of its events. Computed once for each, as far as it was asked for: going back to any
 * event is looking it up.
 */
import type { NodeId } from '@flotilla/core'
import type { Step } from '@flotilla/simulator/lab'
import { narrate, type Sentence } from '../trace-view/narrate.ts'
import { reduce } from '../trace-view/reduce.ts'
import { type ClusterView, emptyView } from '../trace-view/view.ts'
import type { ShownRun } from './shown-run.ts'
import { tellStep } from './tell-step.ts'

/** What the scrubber is painted with, and what can be jumped to. */
export interface Landmark {
  readonly kind: 'election' | 'commit' | 'crash' | 'violation' | 'fork'
  readonly step: number
  readonly at: number
  readonly node: NodeId | undefined
}

/** From here on, some node was in this term and none in a later one. */
export interface TermBand {
  readonly term: number
  readonly from: number
}

export class RunHistory {
  readonly run: ShownRun
  readonly landmarks: Landmark[] = []
  readonly bands: TermBand[] = []
  readonly #views: ClusterView[] = []
  readonly #sentences: (Sentence | undefined)[] = []

  constructor(run: ShownRun) {
    this.run = run
  }

  view(step: number): ClusterView {
    this.#reach(step)
    return this.#views[step] ?? emptyView
  }

  /** The latest thing worth a sentence, at or before `step`; and in which event it happened. */
  sentence(step: number): { readonly sentence: Sentence; readonly step: number } | undefined {
    this.#reach(step)
    for (let i = step; i >= 0; i--) {
      const sentence = this.#sentences[i]
      if (sentence !== undefined) return { sentence, step: i }
    }
    return undefined
  }

  /** What this event alone is told as. */
  ownSentence(step: number): Sentence | undefined {
    this.#reach(step)
    return this.#sentences[step]
  }

  /** The last event at or before this time. */
  stepAt(at: number): number {
    const { steps } = this.run
    let low = 0
    let high = steps.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((steps[middle]?.at ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Goes on looking for so long; true when it has seen all there is. A long recording is looked through in pieces. */
  lookFor(ms: number): boolean {
    const end = performance.now() + ms
    while (this.#views.length < this.run.steps.length) {
      this.#reach(this.#views.length + 200)
      if (performance.now() >= end) break
    }
    return this.#views.length >= this.run.steps.length
  }

  #reach(step: number): void {
    const { steps } = this.run
    for (let i = this.#views.length; i <= step && i < steps.length; i++) {
      const next = steps[i]
      if (next !== undefined) this.#take(next)
    }
  }

  #take(step: Step): void {
    let view = this.#views.at(-1) ?? emptyView
    let best: Sentence | undefined
    for (const event of step.trace) {
      const before = view
      view = reduce(before, event)
      const sentence = step.index === 0 ? undefined : narrate(before, view, event)
      if (sentence !== undefined && (best === undefined || (best.weight === 'minor' && sentence.weight === 'major'))) {
        best = sentence
      }
      this.#noteLandmark(step, event.type, event.node, before, view)
    }
    for (const _ of step.violations) this.#mark(step, 'violation', step.node)
    this.#sentences.push(tellStep(step, view) ?? best)
    this.#views.push(view)
    this.#noteTerm(step, view)
  }

  #noteLandmark(step: Step, type: string, node: NodeId, before: ClusterView, after: ClusterView): void {
    const was = before.nodes.get(node)
    const is = after.nodes.get(node)
    if (type === 'role' && is?.role === 'leader') this.#mark(step, 'election', node)
    if (type === 'crashed') this.#mark(step, 'crash', node)
    if (type === 'committed' && is?.role === 'leader' && is.commitIndex > (was?.commitIndex ?? 0)) {
      this.#mark(step, 'commit', node)
    }
  }

  #mark(step: Step, kind: Landmark['kind'], node: NodeId | undefined): void {
    this.landmarks.push({ kind, step: step.index, at: step.at, node })
  }

  #noteTerm(step: Step, view: ClusterView): void {
    const latest = this.bands.at(-1)?.term ?? -1
    let term = 0
    for (const node of view.nodes.values()) term = Math.max(term, node.term)
    if (term > latest) this.bands.push({ term, from: step.at })
  }
}
