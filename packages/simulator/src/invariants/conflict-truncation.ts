/**
 * Beside the numbered ones: "if an existing entry conflicts with a new one, delete the existing entry and all that follow it"
 * (figure 2), and only then. What is cut off begins with an entry that another takes the place of.
 */
import type { InvariantFactory } from './invariant.ts'

export const conflictTruncation: InvariantFactory = (_ghost, report) => ({
  number: 0,
  name: 'Conflict Truncation',
  issuing(node, { snapshot, truncateFrom, entries }) {
    // A snapshot that does not fit the log replaces all of it.
    if (truncateFrom === 0 || snapshot !== undefined) return
    const [first] = entries
    if (first?.index !== truncateFrom || first.term === node.log.termAt(truncateFrom)) {
      report(`${node.id} cuts its log off at ${truncateFrom}, where nothing conflicts`)
    }
  },
})
