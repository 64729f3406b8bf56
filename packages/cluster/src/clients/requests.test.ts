import type { Outcome } from '@flotilla/core'
import { expect, it } from 'vitest'
import { manualClock } from '../time/manual-clock.ts'
import type { ProposeAnswer } from '../wire/frame.ts'
import { Requests } from './requests.ts'

// The copy that had gone to the leader before was lost with it, and nobody ever said so: the request waited for ever.
it('asks again when its copy came to nothing, though another may still be under way', () => {
  const clock = manualClock()
  let outcome: Outcome = { kind: 'NotLeader', leader: 'b' }
  const appended: ((answer: ProposeAnswer) => void)[] = []
  const forwarded: string[] = []
  const requests = new Requests({
    clock,
    firstId: 1,
    retryAfterMs: 1_000,
    backOffMs: 100,
    propose: (_, answer) => {
      if (outcome.kind === 'command') appended.push(answer)
      return outcome
    },
    proposeAll: () => ({ kind: 'NotLeader', leader: undefined }),
    send: to => forwarded.push(to),
    peers: () => new Set(['b']),
    isMember: () => true,
  })
  const ends: string[] = []
  requests.start(new Uint8Array([1]), ({ kind }) => ends.push(kind))
  expect(forwarded).toEqual(['b'])

  outcome = { kind: 'command', index: 7, term: 2, data: new Uint8Array([1]) }
  requests.leaderChanged()
  expect(appended).toHaveLength(1)
  appended[0]?.({ kind: 'superseded' })
  clock.advance(1_000)
  expect(appended).toHaveLength(2)

  appended[1]?.({ kind: 'applied', index: 9, term: 2, result: new Uint8Array() })
  clock.advance(10_000)
  expect([ends, appended.length]).toEqual([['applied'], 2])
})
