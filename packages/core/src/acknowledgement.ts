/** Answers to a leader, from both ends: what a follower says that it has, and whether the leader believes it (§5.3, figure 2). */
import type { NodeId } from './membership.ts'
import type { AppendEntries, AppendEntriesResult, InstallSnapshotResult } from './messages.ts'
import type { Progress } from './progress.ts'
import type { RaftState } from './state.ts'

// ---- At the follower -----------------------------------------------------------------------------------------------

/** That the log here equals the leader's up to `matchIndex`: said once it is durable. A snapshot counts as such a log. */
export function acknowledge(raft: RaftState, leader: NodeId, matchIndex: number, round: number): void {
  const answer: AppendEntriesResult = {
    type: 'AppendEntriesResult',
    from: raft.id,
    to: leader,
    term: raft.currentTerm,
    success: true,
    matchIndex,
    round,
  }
  // A heartbeat's answer promises nothing new, so a slow disk does not make a follower look dead.
  if (matchIndex <= raft.log.durableIndex && raft.persistence.isHardStateDurable) raft.sendNow(answer)
  else raft.outbox.sendWhenDurable(answer)
}

export function reject(raft: RaftState, request: AppendEntries, reason: string): void {
  const { log } = raft
  raft.refuse(request, reason)
  // What our snapshot covers is committed, so nothing below it can be where the logs part.
  const hintIndex = log.lastWithTermAtMost(Math.max(log.snapshotIndex, request.prevLogIndex - 1), request.prevLogTerm)
  raft.outbox.sendWhenDurable({
    type: 'AppendEntriesResult',
    from: raft.id,
    to: request.from,
    term: raft.currentTerm,
    success: false,
    rejectedIndex: request.prevLogIndex,
    hintIndex,
    hintTerm: hintIndex === 0 ? 0 : log.termAt(hintIndex),
    // A round of another term counts for nothing in this one.
    round: request.term < raft.currentTerm ? 0 : request.round,
  })
}

// ---- At the leader -------------------------------------------------------------------------------------------------

/** Whom an answer is from, if it may be believed: then it has been heard from. Otherwise it is turned down. */
export function believedFollower(
  raft: RaftState,
  result: AppendEntriesResult | InstallSnapshotResult,
): Progress | undefined {
  const { leadership } = raft
  if (leadership === undefined) return turnDown(raft, result, 'not the leader')
  if (result.term < raft.currentTerm) return turnDown(raft, result, 'stale term')
  const progress = leadership.follower(result.from)
  if (progress === undefined) return turnDown(raft, result, 'not a member')
  if (result.round < progress.firstRound) return turnDown(raft, result, 'from before it was added')
  if (result.round > leadership.round) return turnDown(raft, result, 'answers a round that has not begun')
  if (progress.lastHeardAt !== undefined) raft.patience.waited(raft.now - progress.lastHeardAt, raft.now)
  progress.lastHeardAt = raft.now
  return progress
}

function turnDown(raft: RaftState, result: AppendEntriesResult | InstallSnapshotResult, reason: string): undefined {
  raft.refuse(result, reason)
  return undefined
}
