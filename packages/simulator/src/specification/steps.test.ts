import { readFileSync } from 'node:fs'
import type { TraceBody, TraceEvent } from '@flotilla/core'
import { expect, test } from 'vitest'
import { mutants, mutated } from './mutants.ts'
import { stepsOf } from './steps.ts'

const configuration = { members: [], voters: ['a', 'b'], oldVoters: [], namesGiven: 2, expelled: [] }
const told = (node: string, ...bodies: readonly TraceBody[]): TraceEvent[] =>
  bodies.map(body => ({ node, at: 0, ...body }))
const started = (term: number): TraceBody => ({
  type: 'started',
  term,
  votedFor: undefined,
  snapshotIndex: 0,
  snapshotTerm: 0,
  entries: [],
  configuration,
})
const stepsIn = (events: readonly TraceEvent[]): readonly string[] => stepsOf(events, Number.POSITIVE_INFINITY).steps

test('a term that begins with a vote for itself is a campaign, any other was heard of', () => {
  const own: TraceBody = { type: 'vote', term: 2, candidate: 'a', granted: true, preVote: false, reason: '' }
  const later: TraceBody = { type: 'term', term: 2, reason: '' }
  expect(stepsIn(told('a', started(1), later, own))).toEqual(['campaigns("a", 2, true)'])
  expect(stepsIn(told('b', started(1), later))).toEqual(['adoptsTerm("b", 2)'])
})

test('the first start is where a node begins, and any later one is a restart', () => {
  const { beginnings, steps } = stepsOf(told('a', started(1), started(3)), 10)
  expect(beginnings.get('a')?.term).toBe(1)
  expect(steps).toEqual(['restarts("a", 3, "", 0, List())'])
})

test('a recording that began in the midst of a node is told to be one', () => {
  const leads: TraceBody = { type: 'role', role: 'leader', term: 1, reason: '' }
  expect(() => stepsIn(told('a', leads))).toThrow('a does something (event 1: role) before it has started')
})

test('what a leader said and its host sent after it had stepped down was decided before', () => {
  const message = { id: '1', from: 'a', to: 'b', type: 'AppendEntries', term: 1, size: 0, index: 0 } as const
  const steps = stepsIn(
    told(
      'a',
      started(1),
      { type: 'role', role: 'leader', term: 1, reason: '' },
      { type: 'role', role: 'follower', term: 1, reason: '' },
      { type: 'sent', message, delayMs: 0 },
    ),
  )
  expect(steps).toEqual(['leads("a", 1)', 'sendsAppend("a", "b", 1, 0, 0)', 'stepsDown("a")', 'tells("a", "b", 1)'])
})

test.each(mutants)('the specification has the rule that is left out where it $name', mutant => {
  const text = readFileSync(new URL('../../../../docs/spec/raft.qnt', import.meta.url), 'utf8')
  expect(mutated(mutant, 'raft.qnt', text)).not.toBe(text)
})
