/** 12. A leader counts replicas only for entries of its own term; earlier ones commit with those (§5.4.2, figure 8). */
import type { InvariantFactory } from './invariant.ts'

export const currentTermCommit: InvariantFactory = (_ghost, report) => ({
  number: 12,
  name: 'Current-Term Commit',
  committing(node, _from, to, term) {
    const entryTerm = node.log.termAt(to)
    if (entryTerm !== term) report(`${node.id}, leader of term ${term}, commits ${to}, an entry of term ${entryTerm}`)
  },
})
