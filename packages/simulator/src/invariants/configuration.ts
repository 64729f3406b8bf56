/**
 * 15. Membership (§6; dissertation ch. 4): one change at a time, none before an entry of the leader's own term is
 * committed, any two adjacent configurations have no disjoint majorities, and only voters elect.
 */
import type { Configuration, NodeId } from '@flotilla/core'
import { type InvariantFactory, isMajority } from './invariant.ts'
import { configurationHash } from './shadow-log.ts'

export const configurationChanges: InvariantFactory = (ghost, report) => {
  const { compared } = ghost.memory

  return {
    number: 15,
    name: 'Configuration',
    appending(node, entry) {
      if (entry.kind !== 'configuration') return
      const before = node.log.configuration
      if (before === undefined) return
      const disjoint = disjointQuorums(before.configuration, entry.data)
      if (disjoint !== undefined) {
        report(`configuration ${entry.index} at ${node.id} does not need ${disjoint}, a majority of the one before it`)
      }
      const { status } = node
      if (status?.role !== 'leader' || status.currentTerm !== entry.term) return
      if (before.index > status.commitIndex) {
        report(`${node.id} appends configuration ${entry.index} while ${before.index} is not committed`)
      }
      if (node.log.termAt(status.commitIndex) !== entry.term) {
        report(`${node.id} changes the configuration before committing in its own term ${entry.term}`)
      }
    },
    elected(node, term) {
      const governing = node.log.configuration?.configuration
      const votes = (id: NodeId): boolean => {
        const voter = ghost.nodes.get(id)
        // Whoever has moved on to a later term may well have voted; that vote was checked when it left.
        return (
          voter !== undefined &&
          (voter.durableTerm > term || (voter.durableTerm === term && voter.durableVote === node.id))
        )
      }
      if (
        governing === undefined ||
        !isMajority(governing.voters, votes) ||
        (governing.oldVoters.length > 0 && !isMajority(governing.oldVoters, votes))
      ) {
        report(
          `${node.id} leads term ${term} without the votes of a majority of ${governing?.voters} ${governing?.oldVoters}`,
        )
      }
    },
    stepped(node) {
      const { status, previous } = node
      const ours = node.log.configuration
      if (status === undefined || ours === undefined) return
      if (status.configuration !== previous?.configuration || compared.get(node) !== ours) {
        compared.set(node, ours)
        if (configurationHash(ours.configuration) !== configurationHash(status.configuration)) {
          report(`${node.id} goes by another configuration than the last one in its log, at ${ours.index}`)
        }
      }
      const { voters, oldVoters } = ours.configuration
      const isVoter = voters.includes(node.id) || oldVoters.includes(node.id)
      if (status.role === 'leader' && !isVoter && ours.index <= status.commitIndex) {
        report(`${node.id} leads on, although configuration ${ours.index} is committed, in which it is no voter`)
      }
    },
  }
}

/** A quorum of one configuration that leaves a quorum of the other untouched; undefined if there is none. */
function disjointQuorums(a: Configuration, b: Configuration): string | undefined {
  const everyone = [...new Set([...a.voters, ...a.oldVoters, ...b.voters, ...b.oldVoters])]
  const isQuorum = (of: Configuration, holds: (id: NodeId) => boolean): boolean =>
    isMajority(of.voters, holds) && (of.oldVoters.length === 0 || isMajority(of.oldVoters, holds))
  for (let subset = 0; subset < 1 << everyone.length; subset++) {
    const inside = (id: NodeId): boolean => (subset & (1 << everyone.indexOf(id))) !== 0
    if (isQuorum(a, inside) && isQuorum(b, id => !inside(id))) return everyone.filter(inside).join(', ')
  }
  return undefined
}
