/** Why an event of a run happened. */
import { nameOf } from '../../trace-view/view.ts'
import type { RunHistory } from '../history.ts'
import { causesOf, linkOf } from './causes.ts'
import type { Explanation } from './explanation.ts'
import { reasonOf } from './reasons.ts'

export function explain(history: RunHistory, index: number): Explanation | undefined {
  const step = history.run.steps[index]
  if (step === undefined) return undefined
  const after = history.view(index)
  const before = history.view(Math.max(0, index - 1))
  const name = (id: string) => nameOf(after, id)
  const reason = reasonOf({ step, before, after, name })
  // A recording says nothing of causes; but of a violation it has the events that prove it.
  const proof = history.run.proofOf?.(index)
  if (proof !== undefined) return { ...reason, causes: proof.map(each => linkOf(each, name)) }
  return { ...reason, causes: causesOf(history.run, step, name) }
}
