/**
 * Majorities (§5.2, §5.3; joint ones §6): pure functions of who is there and what each has.
 * A joint decision needs a majority of both configurations; an empty set of voters decides nothing and hinders nothing.
 */
import type { NodeId } from './entry.ts'
import type { Configuration } from './membership.ts'

/** How many of `count` voters are a majority: 1 of 1, 2 of 2, 2 of 3, 3 of 4, … */
export const majorityOf = (count: number): number => (count >> 1) + 1

const scratch: number[] = []

/**
 * The greatest index that a majority of `voters` has reached, where `matchIndexOf` tells how far each is.
 * Infinity without voters.
 */
export function committedIndex(voters: readonly NodeId[], matchIndexOf: (id: NodeId) => number): number {
  const count = voters.length
  if (count === 0) return Number.POSITIVE_INFINITY
  // Insertion sort, greatest first: configurations are small, and this allocates nothing.
  let sorted = 0
  for (const id of voters) {
    const match = matchIndexOf(id)
    let i = sorted++
    for (; i > 0; i--) {
      const smaller = scratch[i - 1] ?? 0
      if (smaller >= match) break
      scratch[i] = smaller
    }
    scratch[i] = match
  }
  return scratch[majorityOf(count) - 1] ?? 0
}

/** The greatest index that the whole configuration has committed, if each voter is as far as `matchIndexOf` says. */
export function jointCommittedIndex(configuration: Configuration, matchIndexOf: (id: NodeId) => number): number {
  const index = committedIndex(configuration.voters, matchIndexOf)
  if (configuration.oldVoters.length === 0) return index
  return Math.min(index, committedIndex(configuration.oldVoters, matchIndexOf))
}

export type VoteResult = 'won' | 'lost' | 'pending'

/** What the votes cast so far decide; `voteOf` is undefined for whoever has not answered. */
export function voteResult(voters: readonly NodeId[], voteOf: (id: NodeId) => boolean | undefined): VoteResult {
  if (voters.length === 0) return 'won'
  let granted = 0
  let refused = 0
  for (const id of voters) {
    const vote = voteOf(id)
    if (vote === true) granted++
    else if (vote === false) refused++
  }
  const majority = majorityOf(voters.length)
  if (granted >= majority) return 'won'
  return voters.length - refused < majority ? 'lost' : 'pending'
}

export function jointVoteResult(configuration: Configuration, voteOf: (id: NodeId) => boolean | undefined): VoteResult {
  const now = voteResult(configuration.voters, voteOf)
  const old = voteResult(configuration.oldVoters, voteOf)
  if (now === 'lost' || old === 'lost') return 'lost'
  return now === 'won' && old === 'won' ? 'won' : 'pending'
}
