import { lessons } from '@flotilla/simulator/lessons'
import { expect, it } from 'vitest'
import { lessonTitles } from './lesson-titles.ts'

it('the home page names the lessons that there are, in their order', () => {
  expect(Object.entries(lessonTitles)).toEqual(lessons.map(({ id, title }) => [id, title]))
})
