/**
 * A tab that comes late has missed the beginning. Each node tells it where it stands, in the words of the trace itself:
 * a fresh `started`, then the few events that lead to now. So there is one schema, and one reducer.
 */
import type { TraceBody, TraceEvent } from '@flotilla/core'
import { entriesBetween, termAt } from './log-view.ts'
import type { NodeView } from './view.ts'

/** Entries before the last thousand are not told: a late tab shows them as not seen. */
const MAX_ENTRIES = 1_000

export function catchUp(node: NodeView, at: number): readonly TraceEvent[] {
  const { log } = node
  const first = Math.max(log.firstIndex, log.lastIndex - MAX_ENTRIES + 1)
  const bodies: TraceBody[] = [
    {
      type: 'started',
      term: node.term,
      votedFor: node.votedFor,
      snapshotIndex: log.snapshotIndex,
      snapshotTerm: termAt(log, log.snapshotIndex),
      entries: entriesBetween(log, first, log.durableIndex),
      configuration: node.configuration,
    },
  ]
  const pending = entriesBetween(log, Math.max(first, log.durableIndex + 1), log.lastIndex)
  if (pending.length > 0) bodies.push({ type: 'appended', entries: pending })
  bodies.push(
    {
      type: 'configuration',
      index: node.configurationIndex,
      configuration: node.configuration,
      stage: node.configurationIndex <= node.commitIndex ? 'committed' : 'appended',
    },
    { type: 'committed', index: node.commitIndex, reason: 'told to a late watcher' },
    { type: 'applied', index: node.lastApplied },
    { type: 'role', role: node.role, term: node.term, reason: 'told to a late watcher' },
    { type: 'leader', term: node.term, leader: node.leader },
  )
  for (const vote of node.votes) bodies.push({ type: 'voteCounted', term: node.term, ...vote })
  for (const [follower, progress] of node.progress) bodies.push({ type: 'progress', follower, ...progress })
  for (const peer of node.linked) {
    bodies.push({ type: 'link', peer, up: true, ...(node.relayed.includes(peer) && { relayed: true }) })
  }
  bodies.push({ type: 'cut', peers: node.cut })
  if (node.life === 'crashed') bodies.push({ type: 'crashed', reason: 'told to a late watcher' })
  if (node.life === 'stopped') bodies.push({ type: 'stopped' })
  return bodies.map(body => ({ ...body, node: node.id, at }))
}
