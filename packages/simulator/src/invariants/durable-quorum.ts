/** 13. When a leader commits, a majority of its configuration has the entry on disk: itself counts only then too. */
import { type InvariantFactory, isMajority } from './invariant.ts'

export const durableQuorum: InvariantFactory = (ghost, report) => ({
  number: 13,
  name: 'Durable Quorum',
  committing(node, _from, to) {
    const governing = node.log.configuration?.configuration
    if (governing === undefined) {
      report(`${node.id} commits ${to} without a configuration`)
      return
    }
    const hash = node.log.hashAt(to)
    const has = (id: string): boolean => {
      const durable = ghost.nodes.get(id)?.durable
      if (durable === undefined || durable.last < to) return false
      const theirs = durable.hashAt(to)
      return theirs === undefined || theirs === hash
    }
    const enough =
      isMajority(governing.voters, has) && (governing.oldVoters.length === 0 || isMajority(governing.oldVoters, has))
    if (!enough)
      report(`${node.id} commits ${to}, durable on no majority of ${governing.voters} ${governing.oldVoters}`)
  },
})
