/**
 * Where a node stands, in the words of the trace itself: for whoever begins to watch it in the middle of its life. A fresh
 * `started`, then the few events that lead to now.
 */
import type { RaftState } from './state.ts'
import { startedEvent, summarize } from './summary.ts'
import type { TraceBody } from './trace.ts'

/** Entries before the last thousand are not told. */
const MAX_ENTRIES = 1_000

const WHY = 'told to a late watcher'

export function standingOf(raft: RaftState): readonly TraceBody[] {
  const { log, configuration, configurations, currentTerm: term } = raft
  const first = Math.max(log.keptIndex, log.snapshotIndex, log.lastIndex - MAX_ENTRIES) + 1
  const entries = first <= log.lastIndex ? log.run(first, log.lastIndex) : []
  const durable = entries.filter(({ index }) => index <= log.durableIndex)
  const pending = entries.slice(durable.length)
  const { index } = configurations
  const bodies: TraceBody[] = [startedEvent(raft, durable)]
  if (pending.length > 0) bodies.push({ type: 'appended', entries: pending.map(entry => summarize(raft, entry)) })
  bodies.push(
    { type: 'configuration', index, configuration, stage: index <= raft.commitIndex ? 'committed' : 'appended' },
    { type: 'committed', index: raft.commitIndex, reason: WHY },
    { type: 'role', role: raft.role, term, reason: WHY },
    { type: 'leader', term, leader: raft.leader },
  )
  const preVote = raft.role === 'preCandidate'
  for (const [from, granted] of raft.votes) bodies.push({ type: 'voteCounted', term, from, granted, preVote })
  for (const { id, matchIndex, nextIndex, state } of raft.leadership?.followers ?? [])
    bodies.push({ type: 'progress', follower: id, matchIndex, nextIndex, state })
  return bodies
}
