/** Where a run stands at a step of a lesson: made from the lesson's instructions each time, so that Back is as cheap as Next. */
import { holds } from '../lab/expectation.ts'
import { Run } from '../lab/run.ts'
import { type Instruction, perform } from '../lab/script.ts'
import { type RunSetup, runSetup } from '../lab/setup.ts'
import type { Lesson, Question, Turn } from './lesson.ts'

export interface Scene {
  readonly run: Run
  /** The last event before this step's own: from here on there is something to watch. */
  readonly since: number
  /** Where the lesson could not go on; a lesson that was rehearsed has none. */
  readonly stuck: string | undefined
}

/** @param step as people count them; 0 is the beginning, before the first one */
export function sceneAfter(lesson: Lesson, step: number): Scene {
  return play(lesson, wayTo(lesson, step))
}

/** Before anything of `step` has happened: where its question is asked. */
export function sceneBefore(lesson: Lesson, step: number): Scene {
  const way = wayTo(lesson, step)
  return play(lesson, { ...way, parts: [...way.parts.slice(0, -1), []] })
}

/** Where the closing task begins. */
export function sceneOfCheck(lesson: Lesson): Scene {
  const way = turned(lesson, wayTo(lesson, lesson.steps.length), lesson.check.from)
  return play(lesson, { ...way, parts: [...way.parts, []] })
}

/** Which option came true: the right answer. `undefined` if not exactly one did. */
export function rightOption({ options }: Question, run: Run): number | undefined {
  const right = options.flatMap(({ when }, i) => (when.every(each => holds(run, each)) ? [i] : []))
  return right.length === 1 ? right[0] : undefined
}

interface Way {
  readonly under: Pick<Turn, 'off' | 'tuning'>
  readonly parts: readonly (readonly Instruction[])[]
}

function wayTo(lesson: Lesson, step: number): Way {
  const reached = lesson.steps[step - 1]
  if (reached === undefined) return { under: {}, parts: [] }
  const before = turned(lesson, wayTo(lesson, step - 1), reached.from)
  return { ...before, parts: [...before.parts, reached.do] }
}

function turned(lesson: Lesson, way: Way, turn: Turn | undefined): Way {
  if (turn === undefined) return way
  const { after, ...under } = turn
  return { under, parts: wayTo(lesson, after).parts }
}

function play(lesson: Lesson, { under, parts }: Way): Scene {
  const run = new Run(setupOf(lesson, under))
  let since = 0
  for (const part of parts) {
    since = run.latest.index
    const stuck = perform(run, part)
    if (stuck !== undefined) {
      return { run, since, stuck: `do[${stuck.instruction}]: ${stuck.reason}` }
    }
  }
  return { run, since, stuck: undefined }
}

export function setupOf({ setup }: Lesson, under: Pick<Turn, 'off' | 'tuning'>): RunSetup {
  return runSetup({ ...setup, off: under.off ?? setup.off ?? [], tuning: { ...setup.tuning, ...under.tuning } })
}
