/** Heartbeats (§5.2): that the leader is there, and a look at what followers have not answered. */
import { releaseEntries } from './compaction.ts'
import { checkQuorum } from './election.ts'
import type { Leadership } from './leadership.ts'
import type { Progress } from './progress.ts'
import { sendEmpty, traceProgress } from './replication.ts'
import { sendLostChunksAgain } from './snapshot.ts'
import type { RaftState } from './state.ts'

/** "Upon election: send initial empty AppendEntries RPCs (heartbeat) to each server; repeat during idle periods" (figure 2). */
export function heartbeat(raft: RaftState, leadership: Leadership): void {
  if (!checkQuorum(raft, leadership)) return
  leadership.beginRound(raft.now)
  leadership.measure(raft.log.lastIndex, raft.now)
  leadership.nextHeartbeatAt = raft.now + raft.options.heartbeatIntervalMs
  const patience = Math.max(2 * raft.options.heartbeatIntervalMs, raft.options.electionTimeoutMs / 2)
  for (const progress of leadership.followers) {
    lookAfter(raft, leadership, progress, patience)
    sendEmpty(raft, progress, leadership.round)
  }
  releaseEntries(raft, leadership)
}

/** What has had no answer for `patienceMs` was lost, or the follower is slow, or gone. */
function lookAfter(raft: RaftState, leadership: Leadership, progress: Progress, patienceMs: number): void {
  const { now } = raft
  switch (progress.state) {
    case 'replicate':
      if (!progress.isOverdue(now, patienceMs)) return
      if (progress.isHeardSince(progress.inflightSince)) progress.becomeStalled(now, patienceMs, leadership.round)
      else progress.becomeProbe(progress.matchIndex + 1)
      return traceProgress(raft, progress)
    case 'probe':
      if (!raft.log.holds(progress.nextIndex - 1)) {
        progress.becomeSnapshot()
        traceProgress(raft, progress)
      } else if (progress.isWorthAnotherTry(now)) progress.tryOneEntry(now, patienceMs)
      // The heartbeat is the probe, too: to a follower that is gone, entries are not sent again and again.
      else progress.probeSent = true
      return
    case 'snapshot':
      return sendLostChunksAgain(raft, progress, patienceMs)
    default:
      progress.state satisfies never
  }
}
