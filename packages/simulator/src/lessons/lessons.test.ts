import { beforeAll, describe, expect, test } from 'vitest'
import { holds } from '../lab/expectation.ts'
import { loadSwitches } from '../lab/switchable-raft.ts'
import { lessons } from './lessons.ts'
import { rehearse } from './rehearse.ts'
import { sceneAfter, sceneBefore } from './scene.ts'

beforeAll(loadSwitches)

test('there are sixteen lessons, each with a prediction before the decisive moment', () => {
  expect(lessons).toHaveLength(16)
  expect(new Set(lessons.map(({ id }) => id)).size).toBe(16)
  for (const { title, steps } of lessons)
    expect(steps.filter(({ ask }) => ask !== undefined).length, title).toBeGreaterThan(0)
})

test('what is expected of a step that asks is not so before it', () => {
  // There, the point is that nothing changes.
  const unchanged = ['late-append, step 3']
  const before = lessons.flatMap(lesson =>
    lesson.steps.flatMap(({ ask, expect: expected }, i) => {
      const { run } = sceneBefore(lesson, i + 1)
      return ask !== undefined && expected.every(each => holds(run, each)) ? [`${lesson.id}, step ${i + 1}`] : []
    }),
  )
  expect(before).toEqual(unchanged)
})

describe('a lesson', () => {
  for (const lesson of lessons) {
    test(`“${lesson.title}” comes true as it says, to the end of its task`, () => {
      expect(rehearse(lesson)).toEqual([])
    })

    test(`“${lesson.title}” can be gone back in: the same step is the same scene`, () => {
      const last = lesson.steps.length
      const once = sceneAfter(lesson, last).run
      const again = sceneAfter(lesson, last).run
      expect(again.latest.index).toBe(once.latest.index)
      expect(again.now).toBe(once.now)
      expect(sceneBefore(lesson, last).run.latest.index).toBe(sceneAfter(lesson, last).since)
    })
  }
})
