/**
 * Who votes where some nodes are there whether or not anybody has a page open ("lasting" ones, as edge nodes are), and the others come and go.
 *
 * A tab closes without a word as often as with one. A majority that needs its vote then waits for it, perhaps for ever; and two voters, one lasting and one
 * not, are strictly worse than the lasting one alone. So a tab votes beside lasting nodes only where its vote raises no majority:
 * not beside one, as the third beside two, not beside three. Then the lasting ones decide by themselves, whatever becomes of the tabs.
 */
import type { NodeId } from '@flotilla/core'

/**
 * Whether all of these may vote together.
 *
 * @param minVoters a room that wants more voters than it has lasting nodes takes them from the others
 */
export function mayVoteTogether(voters: readonly NodeId[], lasting: ReadonlySet<NodeId>, minVoters: number): boolean {
  const lastingVoters = voters.filter(id => lasting.has(id)).length
  return voters.length - lastingVoters <= placesBeside(lastingVoters, minVoters)
}

/** For how many that come and go there is a vote beside so many lasting voters. */
export function placesBeside(lastingVoters: number, minVoters: number): number {
  if (lastingVoters === 0) return Number.POSITIVE_INFINITY
  const raisesNoMajority = lastingVoters % 2 === 0 ? 1 : 0
  return Math.max(raisesNoMajority, minVoters - lastingVoters)
}
