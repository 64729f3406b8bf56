/** When to campaign, and whether a leader is there to be defended: what a node does about hearing from a leader, or not (§5.2). */
import { isOnlyVoter } from './membership.ts'
import type { RaftState } from './state.ts'

/**
 * "Election timeouts are chosen randomly from a fixed interval" (§5.2). Whoever has no vote waits for nothing, unless its
 * log turns out to be needed (`election.ts`). A follower that is the only voter and hears no leader waits for nobody. (With
 * one it waits: the leader that is making it the only voter may still answer reads from its lease.)
 */
export function resetElectionTimer(raft: RaftState, reason: string): void {
  const alone = raft.role === 'follower' && isOnlyVoter(raft.configuration, raft.id) && !hearsFromLeader(raft)
  if (!alone || !raft.mayCampaign) return startElectionTimer(raft, reason)
  raft.electionDeadline = raft.now
  traceTimer(raft, reason)
}

export function startElectionTimer(raft: RaftState, reason: string): void {
  if (!raft.mayCampaign && !raft.isNeeded && raft.role === 'follower') {
    raft.electionDeadline = Number.POSITIVE_INFINITY
    return
  }
  raft.electionDeadline = raft.now + raft.patience.electionTimeoutMs(raft.now) * (1 + raft.random())
  traceTimer(raft, reason)
}

function traceTimer(raft: RaftState, reason: string): void {
  if (raft.tracing) raft.emit({ type: 'timer', startedAt: raft.now, deadline: raft.electionDeadline, reason })
}

/** "Servers disregard RequestVote RPCs when they believe a current leader exists" (dissertation §4.2.3). */
export function hearsFromLeader(raft: RaftState): boolean {
  if (raft.role === 'leader') return raft.options.checkQuorum
  // Leases count on this defence whatever else was learnt since: see lease.ts.
  const mayBeThere = raft.leader !== undefined || raft.options.leaseReads
  return mayBeThere && raft.now - raft.leaderHeardAt < raft.patience.electionTimeoutMs(raft.now)
}

/**
 * Whose own timer rings late cannot tell a silent leader from its own delay: what was said meanwhile may be waiting here.
 * Once only, until it has heard a leader or campaigned: where timers are always late, elections are held all the same.
 */
export function putOffCampaign(raft: RaftState): boolean {
  const lateMs = raft.now - raft.electionDeadline
  if (!raft.patience.isLate(lateMs)) return false
  raft.patience.waited(lateMs, raft.now)
  if (raft.listensOnceMore || isOnlyVoter(raft.configuration, raft.id)) return false
  raft.listensOnceMore = true
  startElectionTimer(raft, 'its own timer was late')
  return true
}

/**
 * What this node promised to a leader before it started, or was frozen, it does not know: where leases are, it keeps the
 * most it can have.
 */
export function forgetWhenHeard(raft: RaftState): void {
  raft.leaderHeardAt = raft.options.leaseReads ? raft.now : Number.NEGATIVE_INFINITY
  raft.leaderHeardTerm = 0
}
