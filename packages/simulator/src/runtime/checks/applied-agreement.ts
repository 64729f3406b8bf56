/** 8. No two nodes apply different entries at one index, nor the same after different ones (figure 3, State Machine Safety). */
import type { InvariantFactory } from '../../invariants/invariant.ts'

export const appliedAgreement: InvariantFactory = (ghost, report) => ({
  number: 8,
  name: 'State Machine Safety',
  applied(node, { index, term }, hash) {
    if (index > ghost.commit) report(`${node.id} applies ${index}; nobody has applied ${ghost.commit + 1} yet`)
    else if (ghost.terms[index] !== term || ghost.hashes[index] !== hash) {
      report(`${node.id} applies an entry of term ${term} at ${index}; others had another log up to there`)
    }
  },
})
