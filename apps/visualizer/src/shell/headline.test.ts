import { describe, expect, it } from 'vitest'
import type { Quorum } from '../trace-view/roster.ts'
import { headlineOf } from './headline.ts'

const whole: Quorum = { voters: 3, needed: 2, reachable: 3, missing: [], lost: false }
const lost: Quorum = {
  voters: 3,
  needed: 2,
  reachable: 1,
  lost: true,
  missing: [
    { id: 'b', why: 'crashed' },
    { id: 'c', why: 'closed' },
  ],
}
const told = {
  id: 1,
  at: 0,
  times: 1,
  node: 'a',
  text: 'S1 is leader of term 1.',
  detail: 'd',
  weight: 'major' as const,
  term: 1,
}
const base = {
  phase: 'running' as const,
  problem: undefined,
  quorum: whole,
  told,
  alone: false,
  nameOf: (id: string) => id.toUpperCase(),
}

describe('headlineOf', () => {
  it('is the latest event while all is well', () => {
    expect(headlineOf(base)).toEqual({ text: told.text, detail: 'd', trouble: false })
  })

  it('says who is missing for as long as the majority is', () => {
    expect(headlineOf({ ...base, quorum: lost })).toEqual({
      text: 'No majority: B and C are missing.',
      detail:
        '1 of 3 voters in reach, 2 needed. Nothing can be committed on this side until one returns (crashed and in closed tabs).',
      trouble: true,
    })
  })

  it('puts what went wrong here before everything', () => {
    const problem = { title: 'The disk is full.', advice: 'Make room.', remedy: 'restart' as const }
    expect(headlineOf({ ...base, quorum: lost, problem }).text).toBe('The disk is full.')
    expect(headlineOf({ ...base, phase: 'crashed' }).text).toBe('This tab’s node crashed.')
  })

  it('tells a lonely node what to do next', () => {
    expect(headlineOf({ ...base, told: undefined, alone: true }).detail).toContain('Add a node')
  })
})
