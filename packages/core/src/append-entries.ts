/** AppendEntries, at the receiver (§5.3, figure 2): the consistency check, and what is appended, truncated and committed. */
import { acknowledge, reject } from './acknowledgement.ts'
import { commitTo } from './commit.ts'
import { configurationChanged } from './configuration.ts'
import type { Entry } from './entry.ts'
import { invariant } from './invariant.ts'
import { type AppendEntries, noAnswerWanted } from './messages.ts'
import { hearLeader } from './roles.ts'
import type { RaftState } from './state.ts'
import { summarize } from './summary.ts'

/** AppendEntries, at the receiver (figure 2). What it acknowledges is durable first. */
export function onAppendEntries(raft: RaftState, request: AppendEntries): void {
  const { log } = raft
  if (request.term < raft.currentTerm) return reject(raft, request, 'stale term')
  hearLeader(raft, request)

  const { prevLogIndex, entries } = request
  const verified = prevLogIndex + entries.length
  // All of it is in our snapshot, so committed, so in every later leader's log as well (Leader Completeness).
  if (verified <= log.snapshotIndex) return acknowledgeUpTo(raft, request, log.snapshotIndex)
  if (prevLogIndex > log.lastIndex) return reject(raft, request, 'log too short')
  if (prevLogIndex >= log.snapshotIndex && prevLogIndex > 0 && log.termAt(prevLogIndex) !== request.prevLogTerm) {
    return reject(raft, request, 'another term at prevLogIndex')
  }

  appendMissing(raft, entries)
  // "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry)".
  const commitIndex = Math.min(request.leaderCommit, verified)
  if (commitIndex > raft.commitIndex) commitTo(raft, commitIndex, 'the leader says so')
  acknowledgeUpTo(raft, request, verified)
}

/** "Append any new entries not already in the log" (figure 2): those that are there already stay, with whatever follows them. */
function appendMissing(raft: RaftState, entries: readonly Entry[]): void {
  const { log } = raft
  let reconfigured = false
  let added = 0
  for (const entry of entries) {
    if (entry.index <= log.lastIndex) {
      if (entry.index <= log.snapshotIndex || log.termAt(entry.index) === entry.term) continue
      truncateConflict(raft, entry)
    }
    log.append(entry)
    if (raft.configurations.onAppend(entry)) reconfigured = true
    added++
  }
  if (added > 0 && added === entries.length) log.shareRun(entries)
  if (raft.tracing && added > 0) {
    raft.emit({ type: 'appended', entries: entries.slice(-added).map(entry => summarize(raft, entry)) })
  }
  if (reconfigured) configurationChanged(raft, 'appended')
}

/** "If an existing entry conflicts with a new one, delete the existing entry and all that follow it" — and only then. */
function truncateConflict(raft: RaftState, entry: Entry): void {
  const { index } = entry
  invariant(raft.leadership === undefined, 'Leader Append-Only: a leader never truncates its log', index)
  invariant(index > raft.commitIndex, 'a committed entry is never truncated', index, raft.commitIndex)
  raft.log.truncate(index)
  raft.persistence.forgetFrom(index)
  if (raft.tracing) raft.emit({ type: 'truncated', from: index, reason: `the leader has another entry at ${index}` })
  if (raft.configurations.onTruncate(index)) configurationChanged(raft, 'rolledBack')
}

function acknowledgeUpTo(raft: RaftState, request: AppendEntries, matchIndex: number): void {
  if (request.round !== noAnswerWanted) acknowledge(raft, request.from, matchIndex, request.round)
}
