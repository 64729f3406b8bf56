/**
 * 15. Membership (§6; dissertation ch. 4): one change at a time, none before an entry of the leader's own term is
 * committed, any two adjacent configurations have no disjoint majorities, and only voters elect. Whoever is no voter leads only
 * until what it was elected with is committed, and campaigns only if a candidate that counts on its vote has a shorter log.
 */
import type { Configuration, NodeId } from '@flotilla/core'
import { type InvariantFactory, isMajority } from './invariant.ts'
import { configurationHash } from './shadow-log.ts'

export const configurationChanges: InvariantFactory = (ghost, report) => {
  const { compared, needed } = ghost.memory

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
      needed.delete(node)
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
      if (isVoter || ours.index > status.commitIndex) return
      if (status.role === 'leader' && node.log.termAt(status.commitIndex) === status.currentTerm) {
        report(`${node.id} leads on, although configuration ${ours.index} is committed, in which it is no voter`)
      }
      const hasBegun = status.role !== previous?.role || status.currentTerm !== previous.currentTerm
      const campaigns = status.role === 'preCandidate' || status.role === 'candidate'
      if (campaigns && hasBegun && !needed.has(node)) {
        report(`${node.id} campaigns by configuration ${ours.index}, in which it is no voter, and nobody needs its log`)
      }
    },
    received(node, message) {
      switch (message.type) {
        case 'RequestPreVote':
        case 'RequestVote': {
          const { lastTerm, last } = node.log
          const isBehind =
            message.lastLogTerm < lastTerm || (message.lastLogTerm === lastTerm && message.lastLogIndex < last)
          if (isBehind) needed.add(node)
          break
        }
        case 'AppendEntries':
        case 'InstallSnapshot':
          if (node.status?.leader === message.from) needed.delete(node)
      }
    },
    crashed: node => needed.delete(node),
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
