/** 8. State Machine Safety (figure 3): no two nodes ever commit or apply different entries at one index. */
import type { InvariantFactory } from './invariant.ts'

export const stateMachineSafety: InvariantFactory = (ghost, report) => ({
  number: 8,
  name: 'State Machine Safety',
  stepped(node) {
    const { status, previous } = node
    if (status === undefined || status.commitIndex === previous?.commitIndex) return
    const { commitIndex } = status
    if (commitIndex > ghost.commit) {
      report(`${node.id} takes ${commitIndex} for committed; leaders have committed up to ${ghost.commit}`)
      return
    }
    const ours = node.log.hashAt(commitIndex)
    if (ours !== undefined && ours !== ghost.hashes[commitIndex]) {
      report(`${node.id} takes its entry ${commitIndex} for committed; another one was committed there`)
    }
  },
  applied(node, entry, digest) {
    const { index } = entry
    if (index !== node.applied + 1) report(`${node.id} applies ${index} after ${node.applied}`)
    if (index > ghost.commit) report(`${node.id} applies ${index}; leaders have committed up to ${ghost.commit}`)
    if (entry.term !== ghost.terms[index]) {
      report(
        `${node.id} applies an entry of term ${entry.term} at ${index}; committed was one of term ${ghost.terms[index]}`,
      )
    }
    const first = ghost.digests[index]
    if (first !== undefined && first !== digest)
      report(`${node.id} has another state after applying ${index} than others`)
  },
})
