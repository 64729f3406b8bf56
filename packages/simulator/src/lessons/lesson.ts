/**
 * A lesson, as data: a run that is set up and moved step by step, what is said at each, what is asked before the decisive
 * moment, and a task at the end. Which answer is right is what the run then does; that it is the one that was meant is
 * tried before anybody is asked.
 */
import type { GivenSetup } from '../lab/decode-setup.ts'
import type { Expectation } from '../lab/expectation.ts'
import type { RuleId } from '../lab/rules.ts'
import type { Instruction } from '../lab/script.ts'
import type { Tuning } from '../lab/setup.ts'

export interface Lesson {
  /** In links and in what is remembered of a learner's progress: a–z, 0–9 and -. */
  readonly id: string
  readonly title: string
  /** What one knows afterwards, in one sentence. */
  readonly goal: string
  /** Of the extended Raft paper, or of the dissertation where it says so. */
  readonly section: string
  readonly setup: GivenSetup
  readonly steps: readonly LessonStep[]
  readonly check: ClosingCheck
}

export interface LessonStep {
  /** Two or three sentences: what just happened, and what to see in it. */
  readonly say: string
  /** The finer point, for those who ask. */
  readonly more?: string
  /** Begins elsewhere than where the step before ended. */
  readonly from?: Turn
  /** Asked before it happens. */
  readonly ask?: Question
  readonly do: readonly Instruction[]
  /** What must be true then; a lesson in which it is not is refused. */
  readonly expect: readonly Expectation[]
}

/** Back to an earlier moment, perhaps under other rules; the steps after this one go on from there. */
export interface Turn {
  /** The number of the step at whose end it begins, as people count them; 0 is the beginning of the lesson. */
  readonly after: number
  readonly off?: readonly RuleId[]
  readonly tuning?: Partial<Tuning>
}

export interface Question {
  readonly question: string
  /** Which option the author means to be right, as people count them: a lesson whose run says another is refused. */
  readonly meant: number
  /** Two to four. */
  readonly options: readonly Option[]
}

export interface Option {
  readonly text: string
  /** What is true after the step exactly if this is the right answer. */
  readonly when: readonly Expectation[]
  /** Of a wrong answer: the misconception behind it, by name; of the right one: what it rests on. */
  readonly because: string
}

/** Something to do, judged by what the run then is. */
export interface ClosingCheck {
  readonly task: string
  readonly hint: string
  readonly from?: Turn
  readonly expect: readonly Expectation[]
  /** One way to do it: shown to who gives up, and the proof that it can be done. */
  readonly solution: readonly Instruction[]
}
