import { expect, test } from 'vitest'
import { LessonError } from './decode.ts'
import { lessons } from './lessons.ts'
import { germanLessons } from './lessons-de.ts'
import { translated } from './translation.ts'

test('every lesson is there in German, word for word, and happens as in English', () => {
  expect(germanLessons.map(({ id }) => id)).toEqual(lessons.map(({ id }) => id))
  for (const [i, lesson] of lessons.entries()) {
    const german = germanLessons[i]
    expect(german?.setup).toEqual(lesson.setup)
    expect(german?.steps.map(step => step.do)).toEqual(lesson.steps.map(step => step.do))
    expect(german?.title).not.toBe(lesson.title)
    for (const [n, step] of lesson.steps.entries()) {
      expect(german?.steps[n]?.say, `${lesson.id}, step ${n + 1}`).not.toBe(step.say)
      expect(german?.steps[n]?.ask?.options.map(({ when }) => when)).toEqual(step.ask?.options.map(({ when }) => when))
    }
  }
})

test('a translation that lacks a step is refused with its place', () => {
  const [lesson] = lessons
  if (lesson === undefined) throw new Error('there are lessons')
  const texts = { title: 't', goal: 'g', steps: [{ say: 's' }], check: { task: 't', hint: 'h' } }
  expect(() => translated(lesson, texts)).toThrow(LessonError)
  expect(() => translated(lesson, texts)).toThrow(`clean-election: steps must be a list of ${lesson.steps.length}`)
})
