import { beforeAll, describe, expect, test } from 'vitest'
import { holds } from './expectation.ts'
import { playScene, sceneSetup } from './rule-scenes.ts'
import { ruleIds, ruleOf } from './rules.ts'
import { loadSwitches } from './switchable-raft.ts'

beforeAll(loadSwitches)

describe('a rule', () => {
  for (const id of ruleIds) {
    const { name, breaks } = ruleOf(id)

    test(`"${name}" on: these actions break nothing`, () => {
      const run = playScene(id, sceneSetup(id))
      expect(run.steps.flatMap(({ violations }) => violations)).toEqual([])
    })

    test(`"${name}" off: the same actions ${breaks === undefined ? 'bring a living leader down' : `break ${breaks}`}`, () => {
      const run = playScene(id, { ...sceneSetup(id), off: [id] })
      if (breaks === undefined) expect(holds(run, { node: 'S3', role: 'leader' })).toBe(true)
      else expect(run.steps.flatMap(({ violations }) => violations.map(({ property }) => property))).toContain(breaks)
    })

    test(`"${name}" switched off afterwards: the very same moves at the same times do so, too`, () => {
      const { run } = playScene(id, sceneSetup(id)).under({ off: [id] })
      if (breaks === undefined) expect(holds(run, { node: 'S3', role: 'leader' })).toBe(true)
      else expect(run.steps.flatMap(({ violations }) => violations.map(({ property }) => property))).toContain(breaks)
    })
  }
})
