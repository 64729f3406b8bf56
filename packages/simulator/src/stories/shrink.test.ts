import { Raft } from '@flotilla/core'
import { expect, test } from 'vitest'
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

test('a run without a failure has nothing to shrink', () => {
  expect(shrink(1)).toBeUndefined()
})
