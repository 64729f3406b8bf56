/** Why an event of a run happened. */
import { nameOf } from '../../trace-view/view.ts'
import type { RunHistory } from '../history.ts'
import { causesOf } from './causes.ts'
import type { Explanation } from './explanation.ts'
import { reasonOf } from './reasons.ts'

export function explain(history: RunHistory, index: number): Explanation | undefined {
  const step = history.run.steps[index]
  if (step === undefined) return undefined
  const after = history.view(index)
  const before = history.view(Math.max(0, index - 1))
  const name = (id: string) => nameOf(after, id)
  return { ...reasonOf({ step, before, after, name }), causes: causesOf(history.run, step, name) }
}
