/** When entries are committed, and handing them out to be applied (§5.3, §5.4.2). */
import type { Entry } from './entry.ts'
import { invariant } from './invariant.ts'
import type { Leadership, Replica } from './leadership.ts'
import { jointCommittedIndex } from './quorum.ts'
import { concludeChange, configurationCommitted } from './reconfiguration.ts'
import type { RaftState } from './state.ts'

const nothing: readonly Entry[] = []
const matchIndexOf = (replica: Replica): number => replica.matchIndex

/**
 * At the leader: "if there exists an N such that N > commitIndex, a majority of matchIndex[i] ≥ N, and
 * log[N].term == currentTerm: set commitIndex = N" (figure 2). Entries of earlier terms commit only along with one of
 * the own term, because a majority that stores them may still lose them (§5.4.2, figure 8).
 */
export function advanceCommit(raft: RaftState, leadership: Leadership): void {
  invariant(leadership.self.matchIndex <= raft.log.durableIndex, 'a leader counts itself once it is durable')
  const index = jointCommittedIndex(leadership, matchIndexOf)
  if (index <= raft.commitIndex) return
  if (raft.log.termAt(index) !== raft.currentTerm) return
  commitTo(raft, index, 'a majority stores it')
}

export function commitTo(raft: RaftState, index: number, reason: string): void {
  invariant(index > raft.commitIndex, 'the commit index only grows', index, raft.commitIndex)
  invariant(index <= raft.log.lastIndex, 'only entries in the log are committed', index, raft.log.lastIndex)
  const configurationIndex = raft.configurations.index
  const passesConfiguration = configurationIndex > raft.commitIndex && configurationIndex <= index
  raft.commitIndex = index
  if (raft.tracing) raft.emit({ type: 'committed', index, reason })
  if (passesConfiguration) configurationCommitted(raft)
  // Also one that was committed under an earlier leader.
  if (raft.leadership !== undefined && configurationIndex <= index) concludeChange(raft, raft.leadership)
}

/** What became committed, up to what is durable here: a state machine is never ahead of its own disk. */
export function takeCommitted(raft: RaftState): readonly Entry[] {
  const { log } = raft
  const to = Math.min(raft.commitIndex, log.durableIndex)
  if (to <= raft.lastApplied) return nothing
  invariant(raft.lastApplied >= log.snapshotIndex, 'what is compacted is applied', raft.lastApplied, log.snapshotIndex)
  const entries = log.run(raft.lastApplied + 1, to)
  raft.lastApplied = to
  return entries
}
