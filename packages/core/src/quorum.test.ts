import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { initialConfiguration } from './membership.ts'
import { committedIndex, jointCommittedIndex, jointVoteResult, majorityOf, voteResult } from './quorum.ts'

const voters = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { minLength: 1 })
const matches = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), fc.nat(20))
const ballots = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), fc.boolean())

describe('majorities', () => {
  it('are more than half', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(majorityOf)).toEqual([1, 2, 2, 3, 3, 4, 4])
  })

  it('the committed index is the greatest that more than half have reached', () => {
    fc.assert(
      fc.property(voters, matches, (ids, match) => {
        const index = committedIndex(ids, id => match[id] ?? 0)
        const having = (at: number) => ids.filter(id => (match[id] ?? 0) >= at).length
        expect(having(index)).toBeGreaterThan(ids.length / 2)
        expect(having(index + 1)).toBeLessThanOrEqual(ids.length / 2)
      }),
    )
  })

  it('a joint configuration commits only what both commit (§6)', () => {
    fc.assert(
      fc.property(voters, voters, matches, (now, old, match) => {
        const of = (id: string) => match[id] ?? 0
        const configuration = { ...initialConfiguration(now), oldVoters: old }
        expect(jointCommittedIndex(configuration, of)).toBe(Math.min(committedIndex(now, of), committedIndex(old, of)))
      }),
    )
  })

  it('an election is won by more than half, lost when that cannot be any more, and open otherwise', () => {
    fc.assert(
      fc.property(voters, ballots, (ids, votes) => {
        const granted = ids.filter(id => votes[id] === true).length
        const refused = ids.filter(id => votes[id] === false).length
        const result = voteResult(ids, id => votes[id])
        if (granted > ids.length / 2) expect(result).toBe('won')
        else if (refused >= ids.length / 2) expect(result).toBe('lost')
        else expect(result).toBe('pending')
      }),
    )
  })

  it('two disjoint sets of voters can never both win', () => {
    fc.assert(
      fc.property(voters, voters, ballots, (now, old, votes) => {
        const configuration = { ...initialConfiguration(now), oldVoters: old }
        const mine = jointVoteResult(configuration, id => votes[id])
        const theirs = jointVoteResult(configuration, id => (votes[id] === undefined ? undefined : !votes[id]))
        expect(mine === 'won' && theirs === 'won').toBe(false)
      }),
    )
  })
})
