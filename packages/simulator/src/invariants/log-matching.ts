/**
 * 6. Log Matching (figure 3): the same index and term mean the same entry and the same prefix, snapshots included.
 *
 * Of each (index, term) one prefix hash is remembered, from whoever appended it first.
 */
import type { InvariantFactory } from './invariant.ts'

export const logMatching: InvariantFactory = (ghost, report) => {
  const { prefixes: seen } = ghost.memory

  return {
    number: 6,
    name: 'Log Matching',
    appending(node, entry, hash) {
      if (entry.index !== node.log.last + 1) {
        report(`${node.id} appends ${entry.index} to a log that ends at ${node.log.last}`)
        return
      }
      if (entry.term < node.log.lastTerm) {
        report(`${node.id} appends an entry of term ${entry.term} after one of term ${node.log.lastTerm}`)
      }
      let known = seen[entry.index]
      if (known === undefined) {
        known = []
        seen[entry.index] = known
      }
      for (let i = 0; i < known.length; i += 2) {
        if (known[i] !== entry.term) continue
        if (known[i + 1] !== hash) {
          report(
            `${node.id} has another entry ${entry.index} of term ${entry.term}, or another log before it, than others had`,
          )
        }
        return
      }
      known.push(entry.term, hash)
    },
    issuing(node, { snapshot, truncateFrom }) {
      if (snapshot === undefined) return
      const { index, term } = snapshot
      if (index > ghost.commit || ghost.terms[index] !== term) {
        report(`${node.id} has a snapshot at ${index} of term ${term}, which is not what was committed there`)
      } else if (index < node.log.last && (truncateFrom === 0 || truncateFrom > index + 1)) {
        const ours = node.log.hashAt(index)
        if (ours !== undefined && ours !== ghost.hashes[index]) {
          report(`${node.id} keeps entries after a snapshot at ${index} that do not follow it`)
        }
      }
    },
  }
}
