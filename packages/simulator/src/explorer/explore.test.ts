import { expect, test } from 'vitest'
import { plantedBugs } from '../planted/bugs.ts'
import { coreWith } from '../planted/patched-core.ts'
import { type Bounds, explore } from './explore.ts'

const small: Bounds = { nodes: 2, terms: 2, proposals: 1, crashes: 0, messages: 2, preVote: false, states: 50_000 }

test('two nodes, one election and one proposal have no way to go wrong', { timeout: 60_000 }, () => {
  const { exhausted, states, violations } = explore(small)
  expect(violations).toEqual([])
  expect(exhausted).toBe(true)
  expect(states).toBeGreaterThan(1000)
})

test('the same exploration visits the same number of states', { timeout: 60_000 }, () => {
  const tiny = { ...small, proposals: 0 }
  expect(explore(tiny)).toEqual(explore(tiny))
})

const lost = plantedBugs.filter(({ name }) => name === 'votedFor is lost on restart')

for (const bug of lost) {
  test(`${bug.name}: two leaders in one term, by the shortest way`, { timeout: 60_000 }, async () => {
    const bounds = { ...small, nodes: 3, proposals: 0, crashes: 1, states: 200_000 }
    const [violation] = explore(bounds, await coreWith(bug)).violations
    expect(violation?.property).toBe('Election Safety')
    expect(violation?.story.length).toBeLessThan(20)
  })
}
