/** 4. What a follower acknowledges is on its disk, and is what the leader has there (figure 2: "before responding to RPCs"). */
import type { InvariantFactory } from './invariant.ts'

export const persistBeforeAcknowledge: InvariantFactory = (ghost, report) => ({
  number: 4,
  name: 'Persist Before Acknowledge',
  sent(node, message) {
    if (message.type !== 'AppendEntriesResult' || !message.success) return
    const { matchIndex } = message
    // Acknowledges nothing: how a node greets a deposed leader.
    if (matchIndex === 0) return
    if (matchIndex > node.durable.last) {
      report(`${node.id} acknowledges ${matchIndex}; its disk ends at ${node.durable.last}`)
      return
    }
    const leader = ghost.leaders.get(message.term)
    if (leader === undefined) {
      report(`${node.id} acknowledges ${matchIndex} in term ${message.term}, which nobody leads`)
      return
    }
    const ours = node.durable.hashAt(matchIndex)
    const theirs = leader.log.hashAt(matchIndex)
    // What either side has compacted is committed, and compared with the ghost's history elsewhere.
    if (ours !== undefined && theirs !== undefined && ours !== theirs) {
      report(`${node.id} acknowledges ${matchIndex} to ${leader.node.id}, whose log differs there`)
    } else if (matchIndex > leader.log.last) {
      report(
        `${node.id} acknowledges ${matchIndex}; the log of its leader ${leader.node.id} ends at ${leader.log.last}`,
      )
    }
  },
})
