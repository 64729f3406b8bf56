import { expect, it } from 'vitest'
import { stepIn } from './lesson-address.ts'

it('a lesson is opened at a step that it has, whatever its address says', () => {
  const lesson = { steps: [1, 2, 3] }
  const places = ['', '0', '2', '4', '99', '-1', '-0', 'x', '1e9', '9'.repeat(400)]
  expect(places.map(place => stepIn(lesson, place))).toEqual([0, 0, 2, 4, 4, 0, 0, 0, 1, 4])
})
