import { readFileSync } from 'node:fs'
import type { EntrySummary, TraceBody, TraceEvent } from '@flotilla/core'
import { expect, test } from 'vitest'
import { mutants, mutated } from './mutants.ts'
import { stepsOf } from './steps.ts'

const configuration = { members: [], voters: ['a', 'b'], oldVoters: [], namesGiven: 2, expelled: [] }
const told = (node: string, ...bodies: readonly TraceBody[]): TraceEvent[] =>
  bodies.map(body => ({ node, at: 0, ...body }))
const started = (term: number, entries: readonly EntrySummary[] = []): TraceBody => ({
  type: 'started',
  term,
  votedFor: undefined,
  snapshotIndex: 0,
  snapshotTerm: 0,
  entries,
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

const stands = (role: 'follower' | 'leader', index: number): readonly TraceBody[] => [
  started(3, [{ index: 1, term: 2, kind: 'noop', text: '' }]),
  { type: 'committed', index, reason: 'told to a late watcher' },
  { type: 'role', role, term: 3, reason: 'told to a late watcher' },
]

test('a node that tells where it stands enters with that, and takes no step', () => {
  const [enters, ...others] = stepsIn(told('a', ...stands('leader', 1)))
  expect(enters).toMatch(/^enters\("a", .*, Leader, 1, Set\(\), Set\(\), Set\(\)\)$/)
  expect(others).toEqual([])
})

test('the last words of a page that was closed were said, though it could not tell that any more', () => {
  const message = { id: 'last', from: 'a', to: 'b', type: 'AppendEntries', term: 1, size: 0, index: 0 } as const
  const leads: TraceBody = { type: 'role', role: 'leader', term: 1, reason: '' }
  const events = [...told('a', started(1), leads), ...told('b', started(1), { type: 'delivered', message })]
  expect(stepsIn(events)).toEqual(['leads("a", 1)', 'sendsAppend("a", "b", 1, 0, 0)', 'tells("a", "b", 1)'])
  // Of a node that goes on telling they would have been told.
  expect(stepsIn([...events, ...told('a', { type: 'applied', index: 0 })])).toEqual(['leads("a", 1)'])
})

test('a follower that takes the words of a leader of whom nothing was told is held to what it had committed', () => {
  const message = { id: 'x', from: 'b', to: 'a', type: 'AppendEntries', term: 3, size: 1, index: 1 } as const
  const entries = [{ index: 2, term: 3, kind: 'noop', text: '' }] as const
  const events = told('a', ...stands('follower', 1), { type: 'delivered', message }, { type: 'appended', entries })
  expect(stepsIn(events).slice(1)).toEqual([
    'termUnseen("a", 3)',
    'appendsUnseen("a", 2, List({ term: 3, value: Noop }))',
  ])
})
