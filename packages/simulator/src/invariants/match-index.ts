/**
 * 14. What a leader believes of a follower's log only grows, and is never more than that follower's disk holds; and what
 * it sends next is always beyond it (figure 2).
 */
import type { NodeId } from '@flotilla/core'
import type { InvariantFactory } from './invariant.ts'
import type { NodeView } from './view.ts'

export const matchIndex: InvariantFactory = (ghost, report) => {
  const believed = new Map<NodeView, { term: number; incarnation: number; match: Map<NodeId, number> }>()

  return {
    number: 14,
    name: 'Match Index',
    stepped(node) {
      const { status } = node
      if (status?.role !== 'leader') return
      let known = believed.get(node)
      if (known === undefined || known.term !== status.currentTerm || known.incarnation !== node.incarnation) {
        known = { term: status.currentTerm, incarnation: node.incarnation, match: new Map() }
        believed.set(node, known)
      }
      // A member that left and came back is followed anew.
      if (known.match.size > status.followers.length) known.match.clear()
      for (const { id, matchIndex, nextIndex } of status.followers) {
        if (nextIndex <= matchIndex) report(`${node.id} would send ${nextIndex} to ${id}, which has ${matchIndex}`)
        const before = known.match.get(id)
        if (matchIndex === before) continue
        known.match.set(id, matchIndex)
        if (before !== undefined && matchIndex < before) {
          report(`${node.id} lowers the match index of ${id} from ${before} to ${matchIndex} within term ${known.term}`)
        }
        const peer = ghost.nodes.get(id)
        // An answer may be old: under a later leader the follower may have lost again what it truly had.
        if (peer !== undefined && peer.durableTerm > known.term) continue
        const durable = peer?.durable
        const theirs = durable?.hashAt(matchIndex)
        const ours = node.log.hashAt(matchIndex)
        if (matchIndex > (durable?.last ?? 0)) {
          report(`${node.id} believes ${id} to have ${matchIndex}; its disk ends at ${durable?.last ?? 0}`)
        } else if (theirs !== undefined && ours !== undefined && theirs !== ours) {
          report(`${node.id} believes ${id} to match up to ${matchIndex}; their logs differ there`)
        }
      }
    },
  }
}
