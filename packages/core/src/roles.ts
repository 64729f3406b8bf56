/** Terms and roles (§5.1): a later term, another leader, stepping down. */
import { resetElectionTimer, startElectionTimer } from './election-timer.ts'
import { invariant } from './invariant.ts'
import type { NodeId } from './membership.ts'
import type { AppendEntries, InstallSnapshot } from './messages.ts'
import { abandonPendingReads, refuseReads } from './reads.ts'
import type { RaftState } from './state.ts'

/** A later term exists: any vote and any leader of ours belong to the past (§5.1). */
export function adoptTerm(raft: RaftState, term: number, reason: string): void {
  invariant(term > raft.currentTerm, 'terms only grow', term, raft.currentTerm)
  beginTerm(raft, term)
  raft.persistence.hardStateChanged = true
  if (raft.tracing) raft.emit({ type: 'term', term, reason })
  const hadTimer = raft.role !== 'leader'
  becomeFollower(raft, undefined, reason)
  if (!hadTimer) resetElectionTimer(raft, 'stepped down')
}

/** Nobody has this node's vote in it yet, and what an earlier leader had half sent nobody will complete. */
export function beginTerm(raft: RaftState, term: number): void {
  raft.currentTerm = term
  raft.votedFor = undefined
  raft.incoming = undefined
}

export function becomeFollower(raft: RaftState, leader: NodeId | undefined, reason: string): void {
  if (raft.leadership !== undefined) {
    refuseReads(raft, raft.leadership)
    raft.leadership = undefined
    raft.log.release(raft.log.snapshotIndex)
  }
  raft.votes.clear()
  setRole(raft, 'follower', reason)
  setLeader(raft, leader)
}

/** An AppendEntries or InstallSnapshot of the current term: its sender leads. */
export function hearLeader(raft: RaftState, message: AppendEntries | InstallSnapshot): void {
  invariant(raft.role !== 'leader', 'Election Safety: at most one leader in a term', message.from, message.term)
  invariant(
    raft.leader === undefined || raft.leader === message.from,
    'Election Safety: at most one leader in a term',
    message.from,
    raft.leader,
  )
  if (raft.role !== 'follower') becomeFollower(raft, message.from, 'another node leads this term')
  else setLeader(raft, message.from)
  if (raft.leaderHeardTerm === raft.currentTerm) raft.patience.waited(raft.now - raft.leaderHeardAt, raft.now)
  raft.leaderHeardAt = raft.now
  raft.leaderHeardTerm = raft.currentTerm
  raft.listensOnceMore = false
  raft.isNeeded = false
  startElectionTimer(raft, 'heard the leader')
}

export function setRole(raft: RaftState, role: RaftState['role'], reason: string): void {
  if (raft.role === role) return
  raft.role = role
  if (raft.tracing) raft.emit({ type: 'role', role, term: raft.currentTerm, reason })
}

export function setLeader(raft: RaftState, leader: NodeId | undefined): void {
  if (raft.leader === leader) return
  raft.leader = leader
  abandonPendingReads(raft)
  if (raft.tracing) raft.emit({ type: 'leader', term: raft.currentTerm, leader })
}
