import { expect, it } from 'vitest'
import { entryWords } from './entry-words.ts'

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
