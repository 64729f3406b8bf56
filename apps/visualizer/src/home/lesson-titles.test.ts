import { lessons } from '@flotilla/simulator/lessons'
import { germanLessons } from '@flotilla/simulator/lessons/de'
import { expect, it } from 'vitest'
import { words as german } from '../words/de/home.ts'
import { home } from '../words/home.ts'

it('the home page names the lessons that there are, in their order', () => {
  expect(Object.entries(home().lessons)).toEqual(lessons.map(({ id, title }) => [id, title]))
})

it('and in German by their German titles', () => {
  expect(Object.entries(german.lessons)).toEqual(germanLessons.map(({ id, title }) => [id, title]))
})
