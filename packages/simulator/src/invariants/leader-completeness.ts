/**
 * 7. Leader Completeness (figure 3): what was committed in one term is in the log of the leader of every later term.
 *
 * By the term in which it was *committed*: an entry of term 2 that a leader of term 4 commits need not have been in the
 * log of a leader of term 3.
 */
import type { InvariantFactory } from './invariant.ts'

export const leaderCompleteness: InvariantFactory = (ghost, report) => ({
  number: 7,
  name: 'Leader Completeness',
  elected(node, term) {
    let index = ghost.commit
    while (index > 0 && (ghost.commitTerms[index] ?? 0) >= term) index--
    // Equal prefix hashes at the last of them mean equal logs up to there.
    if (index <= node.log.base) return
    if (node.log.hashAt(index) !== ghost.hashes[index]) {
      report(`${node.id}, leader of term ${term}, lacks entry ${index}, committed in term ${ghost.commitTerms[index]}`)
    }
  },
  committing(node, _from, to, term) {
    // A leader deposed without knowing it may still commit (§5.4.3); later leaders must have that entry already.
    for (let later = term + 1; later <= ghost.latestLeaderTerm; later++) {
      const leadership = ghost.leaders.get(later)
      if (leadership === undefined || to <= leadership.log.base) continue
      if (leadership.log.hashAt(to) !== node.log.hashAt(to)) {
        report(`${node.id} commits ${to} in term ${term}; ${leadership.node.id}, leader of term ${later}, lacks it`)
      }
    }
  },
})
