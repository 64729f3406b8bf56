/**
 * Majorities (§5.2, §5.3; joint ones §6): pure functions of who is there and what each has.
 * A joint decision needs a majority of both configurations; an empty set of voters decides nothing and hinders nothing.
 */

/** Who decides: two sets while a configuration is joint, otherwise `oldVoters` is empty. A `Configuration` is one, of ids. */
export interface Electorate<Voter> {
  readonly voters: readonly Voter[]
  readonly oldVoters: readonly Voter[]
}

/** How many of `count` voters are a majority: 1 of 1, 2 of 2, 2 of 3, 3 of 4, … */
export const majorityOf = (count: number): number => (count >> 1) + 1

const scratch: number[] = []

/**
 * The greatest index that a majority of `voters` has reached, where `matchIndexOf` tells how far each is.
 * Infinity without voters.
 */
export function committedIndex<Voter>(voters: readonly Voter[], matchIndexOf: (voter: Voter) => number): number {
  const count = voters.length
  if (count === 0) return Number.POSITIVE_INFINITY
  // Insertion sort, greatest first: configurations are small, and this allocates nothing.
  let sorted = 0
  for (const voter of voters) {
    const match = matchIndexOf(voter)
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

/** The greatest index that the whole electorate has committed, if each voter is as far as `matchIndexOf` says. */
export function jointCommittedIndex<Voter>(
  { voters, oldVoters }: Electorate<Voter>,
  matchIndexOf: (voter: Voter) => number,
): number {
  const index = committedIndex(voters, matchIndexOf)
  return oldVoters.length === 0 ? index : Math.min(index, committedIndex(oldVoters, matchIndexOf))
}

export type VoteResult = 'won' | 'lost' | 'pending'

/** What the votes cast so far decide; `voteOf` is undefined for whoever has not answered. */
export function voteResult<Voter>(voters: readonly Voter[], voteOf: (voter: Voter) => boolean | undefined): VoteResult {
  if (voters.length === 0) return 'won'
  let granted = 0
  let refused = 0
  for (const voter of voters) {
    const vote = voteOf(voter)
    if (vote === true) granted++
    else if (vote === false) refused++
  }
  const majority = majorityOf(voters.length)
  if (granted >= majority) return 'won'
  return voters.length - refused < majority ? 'lost' : 'pending'
}

export function jointVoteResult<Voter>(
  { voters, oldVoters }: Electorate<Voter>,
  voteOf: (voter: Voter) => boolean | undefined,
): VoteResult {
  const now = voteResult(voters, voteOf)
  const old = voteResult(oldVoters, voteOf)
  if (now === 'lost' || old === 'lost') return 'lost'
  return now === 'won' && old === 'won' ? 'won' : 'pending'
}
