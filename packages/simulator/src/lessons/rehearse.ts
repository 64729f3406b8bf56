/** Plays a whole lesson before anybody learns from it: what it says must come true. */
import { type Expectation, holds } from '../lab/expectation.ts'
import type { Run } from '../lab/run.ts'
import { perform } from '../lab/script.ts'
import type { Lesson, Question } from './lesson.ts'
import { sceneAfter, sceneOfCheck } from './scene.ts'

export interface Flaw {
  /** Where in the lesson's file, such as `steps[2].expect[0]`. */
  readonly place: string
  readonly reason: string
}

export function rehearse(lesson: Lesson): readonly Flaw[] {
  const flaws: Flaw[] = []
  for (const [i, { ask, expect }] of lesson.steps.entries()) {
    const place = `steps[${i}]`
    const { run, stuck } = sceneAfter(lesson, i + 1)
    if (stuck !== undefined) return [...flaws, { place: `${place}.${stuck.split(':')[0]}`, reason: stuck }]
    flaws.push(...unmet(run, expect, `${place}.expect`))
    if (ask !== undefined) {
      flaws.push(...rehearseQuestion(ask, run, `${place}.ask`))
      if (expect.every(isOnlyUnbroken)) flaws.push({ place: `${place}.expect`, reason: TRUE_BEFORE })
    }
  }
  return [...flaws, ...rehearseCheck(lesson)]
}

const TRUE_BEFORE = 'this is true before anybody has done anything'

/** Says nothing of what a step was for. */
const isOnlyUnbroken = (expected: Expectation): boolean => Object.keys(expected).join() === 'unbroken'

/** Exactly one option comes true, and it is the one that is meant. */
function rehearseQuestion({ options, meant }: Question, run: Run, place: string): readonly Flaw[] {
  const right = options.filter(({ when }) => when.every(each => holds(run, each))).map(({ text }) => text)
  if (right.length !== 1) {
    const reason = `exactly one option must come true, not ${right.length}: ${right.join(' / ')}`
    return [{ place, reason }]
  }
  return unmet(run, options[meant - 1]?.when ?? [], `${place}.options[${meant - 1}].when`)
}

function rehearseCheck(lesson: Lesson): readonly Flaw[] {
  const { check } = lesson
  const { run, stuck } = sceneOfCheck(lesson)
  if (stuck !== undefined) return [{ place: 'check.from', reason: stuck }]
  if (check.expect.every(each => holds(run, each))) {
    return [{ place: 'check.expect', reason: TRUE_BEFORE }]
  }
  const failed = perform(run, check.solution)
  if (failed !== undefined) return [{ place: `check.solution[${failed.instruction}]`, reason: failed.reason }]
  return unmet(run, check.expect, 'check.expect')
}

function unmet(run: Run, expected: readonly Expectation[], place: string): readonly Flaw[] {
  return expected.flatMap((each, i) =>
    holds(run, each)
      ? []
      : [{ place: `${place}[${i}]`, reason: `${JSON.stringify(each)} is not so; ${standing(run, each)}` }],
  )
}

function standing(run: Run, { node }: Expectation): string {
  const broken = run.steps.flatMap(({ violations }) => violations.map(({ property }) => property))
  if (node === undefined) return `broken: ${broken.join(', ') || 'nothing'}`
  const state = run.node(node)
  if (state === undefined) return `there is no ${node}`
  const { up, role, term, votedFor, commitIndex, log } = state
  return `${node} is ${up ? role : 'down'}, T${term}, voted for ${votedFor ?? 'nobody'}, log ${log.join(' ') || '(empty)'}, committed ${commitIndex}; broken: ${broken.join(', ') || 'nothing'}`
}
