import { Raft } from '@flotilla/core'
import { expect, test } from 'vitest'
import type { Mix } from '../driver/swarm.ts'
import type { MakeRaft } from '../world/node.ts'
import { type Recording, record, replay } from './replay.ts'
import { shrink } from './shrink.ts'

/** Loses its vote in a restart (figure 2 says why it must not). */
const forgetful: MakeRaft = setup => new Raft({ ...setup, recovered: { ...setup.recovered, votedFor: undefined } })

let found: Recording | undefined

/** The first seed that fails with it; looked for once. */
function firstFailure(): Recording {
  for (let seed = 1; found === undefined && seed < 2000; seed++) {
    const recording = record(seed, { makeRaft: forgetful })
    if (recording.violation !== undefined) found = recording
  }
  if (found === undefined) throw new Error('nothing failed')
  return found
}

test('a run replayed from its happenings fails in the same way', () => {
  const recording = firstFailure()
  expect(replay(recording, recording.happenings, { makeRaft: forgetful })).toEqual(recording.violation)
})

test('a lost vote shrinks to a few happenings, with the same property failing', () => {
  const shrunk = shrink(firstFailure().seed, { makeRaft: forgetful })
  expect(shrunk?.happenings.length).toBeLessThanOrEqual(30)
  const again = shrunk && replay(shrunk.recording, shrunk.happenings, { makeRaft: forgetful })
  expect(again?.property).toBe(shrunk?.recording.violation?.property)
})

test('of a short story nothing can be left out, no two things at once, and no time', () => {
  const options = { makeRaft: forgetful }
  const shrunk = shrink(firstFailure().seed, options)
  expect(shrunk).toBeDefined()
  if (shrunk === undefined) return
  const { recording, happenings } = shrunk
  const { property } = recording.violation ?? {}
  const stillFails = (rest: typeof happenings): boolean => replay(recording, rest, options)?.property === property
  happenings.forEach((_, first) => {
    for (let second = first; second < happenings.length; second++) {
      const rest = happenings.filter((_, place) => place !== first && place !== second)
      expect(stillFails(rest), `without ${first} and ${second}`).toBe(false)
    }
  })
  expect(happenings.at(-1)?.at).toBe(0)
})

/** Breaks down when more is committed than it can count to. */
const countsToTen: MakeRaft = setup => {
  const raft = new Raft(setup)
  const status = raft.status.bind(raft)
  raft.status = () => {
    const now = status()
    if (now.commitIndex > 10) throw new Error(`cannot count to ${now.commitIndex}`)
    return now
  }
  return raft
}

test('what one node does wrong with a long log is told of one node, and of one call that makes the log long', () => {
  const never = { faultEveryMs: 1e9, changeEveryMs: 1e9, transferEveryMs: 1e9, compaction: false }
  const options = { makeRaft: countsToTen, mix: (drawn: Mix) => ({ ...drawn, ...never, voters: 3 }) }
  const shrunk = shrink(1, options)
  expect(shrunk?.recording.violation?.property).toBe('Core Assertion')
  const types = shrunk?.happenings.map(({ action }) => action.type) ?? []
  expect(types.filter(type => type === 'appear')).toHaveLength(1)
  expect(types.filter(type => type === 'propose')).toHaveLength(1)
})

test('a run without a failure has nothing to shrink', () => {
  expect(shrink(1)).toBeUndefined()
})
