import { expect, it } from 'vitest'
import { entryWords, wordsInCell } from './entry-words.ts'

it('says of an entry that nobody wrote by hand what it is for', () => {
  // They stood there as "S1 S2" and "open a session", and a class asked who had written that.
  expect(entryWords({ kind: 'configuration', text: 'S1 S2' })).toEqual({
    short: 'voters S1 S2',
    long: 'configuration: the voters are S1 S2',
  })
  expect(entryWords({ kind: 'configuration', text: 'S1 → S1 S2' }).long).toBe(
    'configuration: from voters S1 to S1 S2, both must agree',
  )
  expect(entryWords({ kind: 'command', text: 'open a session' }).short).toBe('session')
  expect(entryWords({ kind: 'command', text: 'go on without the lost majority' }).short).toBe('another cluster')
  expect(entryWords({ kind: 'noop', text: 'no-op' }).long).toMatch(/^no-op: a leader begins its term/)
})

it('leaves a written value as it was written', () => {
  expect(entryWords({ kind: 'command', text: 'x ← 3' })).toEqual({ short: 'x ← 3', long: 'x ← 3' })
})

it('says in a narrow cell who votes', () => {
  // There stood "vote…", where who is a member was the question.
  const inCell = (text: string, lines = 1) => wordsInCell({ kind: 'configuration', text }, lines)
  expect(inCell('S1 S2 S3')).toBe('S1–3')
  expect(inCell('S1 S2 S4')).toBe('S1,2,4')
  expect(inCell('S1')).toBe('S1')
  expect(inCell('S1 S2 S3 → S1 S2 S3 S4 S5')).toBe('S1–3→1–5')
  expect(inCell('S1 S2 S3', 2)).toBe('voters S1–3')
  expect(inCell('a1b2 S2')).toBe('voters a1b2 S2')
  expect(wordsInCell({ kind: 'command', text: 'x ← 3' }, 1)).toBe('x ← 3')
})
