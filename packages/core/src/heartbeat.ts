/** Heartbeats (§5.2): that the leader is there, and a look at what followers have not answered. */
import { checkQuorum } from './election.ts'
import type { Leadership } from './leadership.ts'
import { sendEmpty, traceProgress } from './replication.ts'
import { sendLostChunkAgain } from './snapshot.ts'
import type { RaftState } from './state.ts'

/** "Upon election: send initial empty AppendEntries RPCs (heartbeat) to each server; repeat during idle periods" (figure 2). */
export function heartbeat(raft: RaftState, leadership: Leadership): void {
  if (!checkQuorum(raft, leadership)) return
  leadership.beginRound(raft.now)
  leadership.nextHeartbeatAt = raft.now + raft.options.heartbeatIntervalMs
  const patience = Math.max(2 * raft.options.heartbeatIntervalMs, raft.options.electionTimeoutMs / 2)
  for (const progress of leadership.followers) {
    const { inflight } = progress
    if (progress.state === 'replicate' && inflight.count > 0 && raft.now - progress.inflightSince >= patience) {
      // What is under way was lost, or the follower is slow: find out with one message instead of a window full.
      progress.becomeProbe(progress.matchIndex + 1)
      traceProgress(raft, progress)
    }
    if (progress.state === 'probe' && !raft.log.holds(progress.nextIndex - 1)) {
      progress.becomeSnapshot(raft.snapshot)
      traceProgress(raft, progress)
    } else if (progress.state === 'snapshot') {
      sendLostChunkAgain(raft, progress, patience)
    }
    sendEmpty(raft, progress, leadership.round)
    // The heartbeat is the probe, too: to a follower that is gone, entries are not sent again and again.
    progress.probeSent = true
  }
}
