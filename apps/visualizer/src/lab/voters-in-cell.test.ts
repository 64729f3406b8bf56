import { expect, it } from 'vitest'
import { votersInCell } from './voters-in-cell.ts'

it('says in a narrow cell who votes', () => {
  // There stood "vote…", where who is a member was the question.
  const inCell = (text: string, lines = 1) => votersInCell({ kind: 'configuration', text }, lines)
  expect(inCell('S1 S2 S3')).toBe('S1–3')
  expect(inCell('S1 S2 S4')).toBe('S1,2,4')
  expect(inCell('S1')).toBe('S1')
  expect(inCell('S1 S2 S3 → S1 S2 S3 S4 S5')).toBe('S1–3→1–5')
  expect(inCell('S1 S2 S3', 2)).toBe('voters S1–3')
  expect(inCell('a1b2 S2')).toBeUndefined()
  expect(votersInCell({ kind: 'command', text: 'x ← 3' }, 1)).toBeUndefined()
})
