/**
 * 14. What a leader believes of a follower's log only grows, and is never more than that follower's disk holds; and what
 * it sends next is always beyond it (figure 2).
 */
import type { InvariantFactory } from './invariant.ts'

export const matchIndex: InvariantFactory = (ghost, report) => {
  const { beliefs } = ghost.memory

  return {
    number: 14,
    name: 'Match Index',
    stepped(node) {
      const { status } = node
      if (status?.role !== 'leader') return
      let known = beliefs.get(node)
      if (known === undefined || known.term !== status.currentTerm || known.incarnation !== node.incarnation) {
        known = {
          term: status.currentTerm,
          incarnation: node.incarnation,
          match: new Map(),
          since: new Map(),
          moved: undefined,
        }
        beliefs.set(node, known)
      }
      known.moved = undefined
      // A member that left and came back is followed anew.
      if (status.configuration !== node.previous?.configuration) {
        const stays = new Set(status.followers.map(({ id }) => id))
        for (const id of [...known.match.keys()]) {
          if (stays.has(id)) continue
          known.match.delete(id)
          known.since.delete(id)
        }
      }
      for (const { id, matchIndex, nextIndex } of status.followers) {
        if (nextIndex <= matchIndex) report(`${node.id} would send ${nextIndex} to ${id}, which has ${matchIndex}`)
        const before = known.match.get(id)
        if (matchIndex === before) continue
        known.match.set(id, matchIndex)
        if (before === undefined) known.since.set(id, ghost.messages)
        else known.moved = id
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
    received(node, message, number) {
      if (message.type !== 'AppendEntriesResult' || !message.success || message.matchIndex === 0) return
      const known = beliefs.get(node)
      if (node.status?.role !== 'leader' || known?.term !== message.term) return
      const since = known.since.get(message.from)
      if (since === undefined || number > since || known.moved !== message.from) return
      report(`${node.id} believes what ${message.from} acknowledged before it was added: ${message.matchIndex}`)
    },
  }
}
