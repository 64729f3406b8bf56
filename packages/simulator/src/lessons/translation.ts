/** A lesson in another language: its texts, in the lesson's own order, and nothing else. What happens is the same. */
import { Fields, Malformed } from '@flotilla/trace'
import { LessonError } from './decode.ts'
import type { Lesson, LessonStep, Question } from './lesson.ts'

/** @throws LessonError that says where the texts do not fit the lesson. */
export function translated(lesson: Lesson, texts: unknown): Lesson {
  try {
    return inOtherWords(lesson, new Fields(texts))
  } catch (error) {
    if (error instanceof Malformed) throw new LessonError(`${lesson.id}: ${error.message}`)
    throw error
  }
}

function inOtherWords(lesson: Lesson, f: Fields): Lesson {
  const check = f.needed('check')
  return {
    ...lesson,
    title: f.prose('title'),
    goal: f.prose('goal'),
    steps: paired(f, 'steps', lesson.steps, translatedStep),
    check: { ...lesson.check, task: check.prose('task'), hint: check.prose('hint') },
  }
}

function translatedStep(step: LessonStep, f: Fields): LessonStep {
  return {
    ...step,
    say: f.prose('say'),
    ...(step.more === undefined ? {} : { more: f.prose('more') }),
    ...(step.ask === undefined ? {} : { ask: translatedQuestion(step.ask, f.needed('ask')) }),
  }
}

function translatedQuestion(question: Question, f: Fields): Question {
  return {
    ...question,
    question: f.prose('question'),
    options: paired(f, 'options', question.options, (option, texts) => ({
      ...option,
      text: texts.prose('text'),
      because: texts.prose('because'),
    })),
  }
}

/** Each item with its texts; there must be as many of these. */
function paired<T>(
  f: Fields,
  name: string,
  items: readonly T[],
  translate: (item: T, texts: Fields) => T,
): readonly T[] {
  const texts = f.records(name, each => each)
  if (texts.length !== items.length) throw new Malformed(f.at(name), `a list of ${items.length}`)
  return items.map((item, i) => {
    const own = texts[i]
    if (own === undefined) throw new Malformed(f.at(name), `a list of ${items.length}`)
    return translate(item, own)
  })
}
