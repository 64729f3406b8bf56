/** 11. Only what is not committed is ever truncated. */
import type { InvariantFactory } from './invariant.ts'

export const truncationAboveCommit: InvariantFactory = (_ghost, report) => ({
  number: 11,
  name: 'Truncation Above Commit',
  issuing(node, { truncateFrom, snapshot }) {
    if (truncateFrom === 0 || truncateFrom > node.log.last) return
    const committed = Math.max(node.previous?.commitIndex ?? 0, snapshot?.index ?? 0)
    if (truncateFrom <= committed)
      report(`${node.id} truncates from ${truncateFrom}; it knew ${committed} to be committed`)
  },
})
