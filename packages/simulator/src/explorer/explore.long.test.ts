import { expect, test } from 'vitest'
import { type PlantedBug, patch } from '../planted/bug.ts'
import { plantedBugs } from '../planted/bugs.ts'
import { coreWith } from '../planted/patched-core.ts'
import { type Bounds, explore } from './explore.ts'

const small: Bounds = { nodes: 2, terms: 2, proposals: 1, crashes: 0, messages: 2, preVote: false, states: 50_000 }

test('two nodes, one election and one proposal have no way to go wrong', () => {
  const { exhausted, states, violations } = explore(small)
  expect(violations).toEqual([])
  expect(exhausted).toBe(true)
  expect(states).toBeGreaterThan(1000)
})

test('nor do they with a read, a change of membership and a compaction, and messages that come twice', () => {
  for (const more of [{ duplicates: 1 }, { reads: 1 }, { changes: 1 }, { compactions: 1 }]) {
    const without = explore({ ...small, proposals: 0 })
    const { exhausted, states, violations } = explore({ ...small, proposals: 0, ...more })
    expect(violations).toEqual([])
    expect(exhausted).toBe(true)
    expect(states).toBeGreaterThan(without.states)
  }
})

test('the same exploration visits the same number of states', () => {
  const tiny = { ...small, proposals: 0, duplicates: 1, reads: 1 }
  expect(explore(tiny)).toEqual(explore(tiny))
})

const known = (name: string): PlantedBug => {
  const bug = plantedBugs.find(each => each.name === name)
  if (bug === undefined) throw new Error(`no planted bug ${name}`)
  return bug
}
const planted = (name: string, file: string, from: string, to: string): PlantedBug => ({
  number: 0,
  name,
  source: '',
  patches: [patch(file, from, to)],
  caughtBy: [],
})

/** Each with what it takes to find it, and how many events the shortest way there has. */
const shortest: readonly [bug: PlantedBug, bounds: Partial<Bounds>, property: string, events: number][] = [
  [known('votedFor is lost on restart'), { nodes: 3, crashes: 1 }, 'Configuration', 14],
  [known('counts duplicate votes'), { nodes: 4, messages: 5, duplicates: 1 }, 'Configuration', 6],
  [
    known('a single-server change before an entry of the own term is committed'),
    { terms: 3, changes: 1 },
    'Configuration',
    16,
  ],
  [
    planted(
      'a follower answers reads by itself',
      'reads.ts',
      '  raft.pendingReads.push({ id, deadline })\n',
      "  return raft.outbox.answerRead({ id, kind: 'ready', index: raft.commitIndex })\n",
    ),
    { reads: 1 },
    'Linearizable Reads',
    10,
  ],
  [
    planted(
      'acknowledges a snapshot before it is durable',
      'snapshot.ts',
      '  })\n  acknowledge(raft, request.from, request.lastIncludedIndex, request.round)',
      "  })\n  raft.sendNow({ type: 'AppendEntriesResult', from: raft.id, to: request.from, term: raft.currentTerm, success: true, matchIndex: request.lastIncludedIndex, round: request.round })",
    ),
    { nodes: 3, compactions: 1 },
    'Persist Before Acknowledge',
    16,
  ],
]

for (const [bug, bounds, property, events] of shortest) {
  test(`${bug.name}: ${property}, by the shortest way`, async () => {
    const all = { ...small, proposals: 0, states: 200_000, ...bounds }
    const [violation] = explore(all, await coreWith(bug)).violations
    expect(violation?.property).toBe(property)
    expect(violation?.story.length).toBe(events)
    expect(explore({ ...all, states: 20_000 }).violations).toEqual([])
  })
}
