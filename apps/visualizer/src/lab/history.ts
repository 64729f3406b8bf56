/**
 * What a run looked like after each of its events. Looked through once, as far as it was asked for; of the views every 32nd
 * is kept, so that going back to any event is a few steps from the nearest, and a long recording fits into memory.
 */
import type { NodeId } from '@flotilla/core'
import type { Step } from '@flotilla/simulator/lab'
import { narrate, retold, type Sentence } from '../trace-view/narrate.ts'
import { reduce } from '../trace-view/reduce.ts'
import { type ClusterView, emptyView } from '../trace-view/view.ts'
import { wordsVersion } from '../words/language.ts'
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
  readonly step: number
  readonly term: number
  readonly from: number
}

/** From here on, this node was up in this term, leading it or not; or it was not up. */
export interface Tenure {
  readonly step: number
  readonly from: number
  readonly up: boolean
  readonly term: number
  readonly leads: boolean
}

const KEPT_EVERY = 32

export class RunHistory {
  readonly run: ShownRun
  readonly landmarks: Landmark[] = []
  readonly bands: TermBand[] = []
  /** What each node was, one after the other. */
  readonly tenures = new Map<NodeId, Tenure[]>()
  /** After each event whose number is a multiple of `KEPT_EVERY`. */
  readonly #kept: ClusterView[] = []
  /** The view that was asked for last: whoever goes on from there finds it. */
  #last: { readonly step: number; readonly view: ClusterView } = { step: -1, view: emptyView }
  /** As far as it was looked through: the number of the next event, and the view before it. */
  #next = 0
  #view = emptyView
  #sentences: (Sentence | undefined)[] = []
  /** In which words they were told. */
  #told = wordsVersion()

  constructor(run: ShownRun) {
    this.run = run
  }

  /** The same past up to that event for a run that parts from this one there: it is not looked through again. */
  fork(run: ShownRun, step: number): RunHistory {
    this.#reach(step)
    const fork = new RunHistory(run)
    const place = Math.floor(Math.min(step, this.#next - 1) / KEPT_EVERY)
    const view = this.#kept[place]
    if (view === undefined) return fork
    const last = place * KEPT_EVERY
    const isPast = (of: { readonly step: number }): boolean => of.step <= last
    fork.landmarks.push(...this.landmarks.filter(isPast))
    fork.bands.push(...this.bands.filter(isPast))
    for (const [id, tenures] of this.tenures) fork.tenures.set(id, tenures.filter(isPast))
    fork.#kept.push(...this.#kept.slice(0, place + 1))
    fork.#sentences = this.#sentences.slice(0, last + 1)
    fork.#told = this.#told
    fork.#view = view
    fork.#next = last + 1
    return fork
  }

  view(step: number): ClusterView {
    this.#reach(step)
    if (step === this.#next - 1) return this.#view
    if (step === this.#last.step) return this.#last.view
    const nearest = Math.floor(step / KEPT_EVERY)
    const isNear = this.#last.step < step && this.#last.step >= nearest * KEPT_EVERY
    let view = isNear ? this.#last.view : (this.#kept[nearest] ?? emptyView)
    for (let i = isNear ? this.#last.step + 1 : nearest * KEPT_EVERY + 1; i <= step; i++) {
      view = this.run.steps[i]?.trace.reduce(reduce, view) ?? view
    }
    this.#last = { step, view }
    return view
  }

  /** The latest thing worth a sentence, at or before `step`; and in which event it happened. */
  sentence(step: number): { readonly sentence: Sentence; readonly step: number } | undefined {
    this.#reach(step)
    this.#retell()
    for (let i = step; i >= 0; i--) {
      const sentence = this.#sentences[i]
      if (sentence !== undefined) return { sentence, step: i }
    }
    return undefined
  }

  /** What this event alone is told as. */
  ownSentence(step: number): Sentence | undefined {
    this.#reach(step)
    this.#retell()
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
    while (this.#next < this.run.steps.length && performance.now() < end) this.#reach(this.#next + 20)
    return this.#next >= this.run.steps.length
  }

  #retell(): void {
    if (this.#told === wordsVersion()) return
    this.#told = wordsVersion()
    this.#sentences = this.#sentences.map(sentence => sentence && retold(sentence))
  }

  #reach(step: number): void {
    const { steps } = this.run
    while (this.#next <= step) {
      const next = steps[this.#next]
      if (next === undefined) return
      this.#take(next)
    }
  }

  #take(step: Step): void {
    let view = this.#view
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
    if (step.index % KEPT_EVERY === 0) this.#kept.push(view)
    this.#view = view
    this.#next += 1
    this.#noteTerm(step, view)
    for (const event of step.trace) this.#noteTenure(step, event.node, view)
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

  #noteTenure(step: Step, id: NodeId, view: ClusterView): void {
    const node = view.nodes.get(id)
    if (node === undefined) return
    const up = node.life === 'running' && node.heard
    const is = { step: step.index, from: step.at, up, term: node.term, leads: up && node.role === 'leader' }
    const known = this.tenures.get(id)
    if (known === undefined) {
      this.tenures.set(id, [is])
      return
    }
    const was = known.at(-1)
    if (was?.up === is.up && was.term === is.term && was.leads === is.leads) return
    known.push(is)
  }

  #noteTerm(step: Step, view: ClusterView): void {
    const latest = this.bands.at(-1)?.term ?? -1
    let term = 0
    for (const node of view.nodes.values()) term = Math.max(term, node.term)
    if (term > latest) this.bands.push({ step: step.index, term, from: step.at })
  }
}
