/** Compaction of the own log (§7): when to ask for a snapshot, and what becomes of the log when it is there. */
import type { Snapshot } from './entry.ts'
import type { Outcome } from './io.ts'
import type { Leadership } from './leadership.ts'
import type { RaftState } from './state.ts'

/** Whether the policy's bounds are passed: said once, and again after a snapshot that left too much behind it. */
export function isCompactionDue(raft: RaftState): boolean {
  const { log, lastApplied } = raft
  if (raft.compactionAskedAfter === log.snapshotIndex) return false
  const { snapshotThresholdEntries, snapshotThresholdBytes } = raft.options
  const { snapshotIndex } = log
  const due =
    lastApplied - snapshotIndex > snapshotThresholdEntries ||
    log.bytesBetween(snapshotIndex, lastApplied) > snapshotThresholdBytes
  if (due) raft.compactionAskedAfter = log.snapshotIndex
  return due
}

/** The host's state machine, as of `index`, takes the place of the log up to there. */
export function compact(raft: RaftState, index: number, data: Uint8Array): Outcome {
  const { log } = raft
  if (index > raft.lastApplied) return { kind: 'CompactRefused', reason: 'notApplied' }
  if (index <= log.snapshotIndex) return { kind: 'CompactRefused', reason: 'notNewer' }
  const snapshot: Snapshot = { index, term: log.termAt(index), configuration: raft.configurations.at(index), data }
  log.compact(index)
  raft.configurations.onCompact(index)
  raft.replaceSnapshot(snapshot)
  if (raft.leadership === undefined) log.release(index)
  else releaseEntries(raft, raft.leadership)
  if (raft.tracing) raft.emit({ type: 'snapshot', action: 'taken', index, term: snapshot.term })
  return { kind: 'done' }
}

/**
 * Forgets what a snapshot covers, except what followers that are there will still ask for: those that are close behind, and
 * those that are being sent an older snapshot. No more of it is kept than `maxCatchUpBytes`, or than a snapshot takes:
 * whoever is further behind needs one. An older snapshot lives only as long as the entries after it.
 */
export function releaseEntries(raft: RaftState, leadership: Leadership): void {
  const { log, options } = raft
  const mostBytes = Math.max(options.maxCatchUpBytes, raft.snapshot?.data.byteLength ?? 0)
  let through = log.snapshotIndex
  for (const progress of leadership.followers) {
    if (!progress.isHeardSince(raft.now - options.electionTimeoutMs)) continue
    const needed = progress.outgoing?.snapshot.index ?? progress.matchIndex
    if (needed >= through || !log.holds(needed)) continue
    if (log.bytesBetween(needed, log.snapshotIndex) <= mostBytes) through = needed
  }
  log.release(through)
  for (const progress of leadership.followers) {
    const { outgoing } = progress
    if (outgoing !== undefined && !log.holds(outgoing.snapshot.index)) progress.outgoing = undefined
  }
}
