import { Raft } from '@flotilla/core'
import { expect, test } from 'vitest'
import type { MakeRaft } from '../world/node.ts'
import { record, replay } from './replay.ts'
import { shrink } from './shrink.ts'

/** Loses its vote in a restart (figure 2 says why it must not). */
const forgetful: MakeRaft = setup => new Raft({ ...setup, recovered: { ...setup.recovered, votedFor: undefined } })

function firstFailure(makeRaft: MakeRaft): number {
  for (let seed = 1; seed < 2000; seed++) if (record(seed, { makeRaft }).violation !== undefined) return seed
  throw new Error('nothing failed')
}

test('a run replayed from its happenings fails in the same way', () => {
  const seed = firstFailure(forgetful)
  const recording = record(seed, { makeRaft: forgetful })
  expect(replay(recording, recording.happenings, { makeRaft: forgetful })).toEqual(recording.violation)
})

test('a lost vote shrinks to a few happenings, with the same property failing', () => {
  const shrunk = shrink(firstFailure(forgetful), { makeRaft: forgetful })
  expect(shrunk?.happenings.length).toBeLessThanOrEqual(30)
  const again = shrunk && replay(shrunk.recording, shrunk.happenings, { makeRaft: forgetful })
  expect(again?.property).toBe(shrunk?.recording.violation?.property)
})

test('a run without a failure has nothing to shrink', () => {
  expect(shrink(1)).toBeUndefined()
})
