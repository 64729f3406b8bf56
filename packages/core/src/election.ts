/** Leader election (§5.2, §5.4.1), pre-vote (dissertation §9.6), stickiness (§4.2.3) and check-quorum (§6.2). */
import type { NodeId } from './entry.ts'
import { invariant } from './invariant.ts'
import { Leadership } from './leadership.ts'
import { isOnlyVoter } from './membership.ts'
import type {
  AppendEntries,
  InstallSnapshot,
  RequestPreVote,
  RequestPreVoteResult,
  RequestVote,
  RequestVoteResult,
} from './messages.ts'
import { jointVoteResult } from './quorum.ts'
import { type Raft, refuse } from './raft.ts'
import { abandonPendingReads, refuseReads } from './reads.ts'
import { appendOwn } from './replication.ts'

// ---- Terms and roles -----------------------------------------------------------------------------------------------

/** A later term exists: any vote and any leader of ours belong to the past (§5.1). */
export function adoptTerm(raft: Raft, term: number, reason: string): void {
  invariant(term > raft.currentTerm, 'terms only grow', term, raft.currentTerm)
  raft.currentTerm = term
  raft.votedFor = undefined
  raft.persistence.hardStateChanged = true
  if (raft.tracing) raft.emit({ type: 'term', term, reason })
  const hadTimer = raft.role !== 'leader'
  becomeFollower(raft, undefined, reason)
  if (!hadTimer) resetElectionTimer(raft, 'stepped down')
}

export function becomeFollower(raft: Raft, leader: NodeId | undefined, reason: string): void {
  if (raft.leadership !== undefined) {
    refuseReads(raft, raft.leadership)
    raft.leadership = undefined
  }
  raft.votes.clear()
  setRole(raft, 'follower', reason)
  setLeader(raft, leader)
}

/** An AppendEntries or InstallSnapshot of the current term: its sender leads. */
export function hearLeader(raft: Raft, message: AppendEntries | InstallSnapshot): void {
  invariant(raft.role !== 'leader', 'Election Safety: at most one leader in a term', message.from, message.term)
  invariant(
    raft.leader === undefined || raft.leader === message.from,
    'Election Safety: at most one leader in a term',
    message.from,
    raft.leader,
  )
  if (raft.role !== 'follower') becomeFollower(raft, message.from, 'another node leads this term')
  else setLeader(raft, message.from)
  raft.leaderHeardAt = raft.now
  startElectionTimer(raft, 'heard the leader')
}

function setRole(raft: Raft, role: Raft['role'], reason: string): void {
  if (raft.role === role) return
  raft.role = role
  if (raft.tracing) raft.emit({ type: 'role', role, term: raft.currentTerm, reason })
}

function setLeader(raft: Raft, leader: NodeId | undefined): void {
  if (raft.leader === leader) return
  raft.leader = leader
  abandonPendingReads(raft)
  if (raft.tracing) raft.emit({ type: 'leader', term: raft.currentTerm, leader })
}

/**
 * "Election timeouts are chosen randomly from a fixed interval" (§5.2). Whoever has no vote never campaigns, and a
 * follower that is the only voter and hears no leader waits for nobody. (With one it waits: the leader that is making it
 * the only voter may still answer reads from its lease.)
 */
export function resetElectionTimer(raft: Raft, reason: string): void {
  const alone = raft.role === 'follower' && isOnlyVoter(raft.configuration, raft.id) && !hearsFromLeader(raft)
  if (!alone || !raft.mayCampaign) return startElectionTimer(raft, reason)
  raft.electionDeadline = raft.now
  traceTimer(raft, reason)
}

function startElectionTimer(raft: Raft, reason: string): void {
  if (!raft.mayCampaign) {
    raft.electionDeadline = Number.POSITIVE_INFINITY
    return
  }
  raft.electionDeadline = raft.now + raft.options.electionTimeoutMs * (1 + raft.random())
  traceTimer(raft, reason)
}

function traceTimer(raft: Raft, reason: string): void {
  if (raft.tracing) raft.emit({ type: 'timer', startedAt: raft.now, deadline: raft.electionDeadline, reason })
}

// ---- Campaigning ---------------------------------------------------------------------------------------------------

export function electionTimedOut(raft: Raft): void {
  if (!raft.mayCampaign) return resetElectionTimer(raft, 'not a voter')
  if (raft.options.preVote) preCampaign(raft)
  else campaign(raft, false)
}

/** Asks whether an election could be won, before disturbing anyone with a new term (dissertation §9.6). */
function preCampaign(raft: Raft): void {
  raft.votes.clear()
  raft.votes.set(raft.id, true)
  setLeader(raft, undefined)
  setRole(raft, 'preCandidate', 'election timeout')
  resetElectionTimer(raft, 'asking for pre-votes')
  const { lastIndex, lastTerm } = raft.log
  for (const to of otherVoters(raft)) {
    raft.send({
      type: 'RequestPreVote',
      from: raft.id,
      to,
      term: raft.currentTerm,
      nextTerm: raft.currentTerm + 1,
      lastLogIndex: lastIndex,
      lastLogTerm: lastTerm,
    })
  }
  tally(raft)
}

/** "Increment currentTerm, vote for self, reset election timer, send RequestVote RPCs to all other servers" (figure 2). */
export function campaign(raft: Raft, leadershipTransfer: boolean): void {
  const reason = leadershipTransfer ? 'the leader handed over' : 'election timeout'
  raft.currentTerm++
  raft.votedFor = undefined
  voteFor(raft, raft.id)
  if (raft.tracing) raft.emit({ type: 'term', term: raft.currentTerm, reason })
  raft.votes.clear()
  setLeader(raft, undefined)
  setRole(raft, 'candidate', reason)
  traceVote(raft, raft.currentTerm, raft.id, true, false, 'votes for itself')
  resetElectionTimer(raft, 'campaigning')
  const { lastIndex, lastTerm } = raft.log
  for (const to of otherVoters(raft)) {
    raft.send({
      type: 'RequestVote',
      from: raft.id,
      to,
      term: raft.currentTerm,
      lastLogIndex: lastIndex,
      lastLogTerm: lastTerm,
      leadershipTransfer,
    })
  }
}

/** "Each server will vote for at most one candidate in a given term" (§5.2). */
function voteFor(raft: Raft, candidate: NodeId): void {
  invariant(raft.votedFor === undefined, 'a vote never changes within its term', raft.votedFor, candidate)
  raft.votedFor = candidate
  raft.persistence.hardStateChanged = true
}

/** A candidate's own vote counts, like any other, when it is durable: a node that forgot it could vote twice. */
export function countOwnVote(raft: Raft): void {
  if (!raft.persistence.isHardStateDurable || raft.votes.has(raft.id)) return
  raft.votes.set(raft.id, true)
  tally(raft)
}

function countVote(raft: Raft, from: NodeId, granted: boolean, preVote: boolean): void {
  if (raft.votes.has(from)) return
  raft.votes.set(from, granted)
  if (raft.tracing) raft.emit({ type: 'voteCounted', term: raft.currentTerm, from, granted, preVote })
  tally(raft)
}

function tally(raft: Raft): void {
  switch (jointVoteResult(raft.configuration, id => raft.votes.get(id))) {
    case 'pending':
      return
    case 'lost':
      return becomeFollower(raft, undefined, 'lost the election')
    case 'won':
      return raft.role === 'preCandidate' ? campaign(raft, false) : becomeLeader(raft)
  }
}

/** Starts the term with an entry of its own, through which those of earlier terms can commit (§5.4.2, §8). */
function becomeLeader(raft: Raft): void {
  invariant(raft.role === 'candidate', 'only a candidate becomes leader', raft.role)
  raft.votes.clear()
  raft.electionDeadline = Number.POSITIVE_INFINITY
  setRole(raft, 'leader', 'a majority voted for it')
  setLeader(raft, raft.id)
  const leadership = new Leadership(raft)
  raft.leadership = leadership
  appendOwn(raft, { index: raft.log.lastIndex + 1, term: raft.currentTerm, kind: 'noop', data: null })
}

/** A leader that does not hear from a majority serves nobody: it steps down so that its clients look elsewhere. */
export function checkQuorum(raft: Raft, leadership: Leadership): boolean {
  const { electionTimeoutMs } = raft.options
  if (!raft.options.checkQuorum || raft.now - leadership.startedAt < electionTimeoutMs) return true
  const heard = jointVoteResult(raft.configuration, id => {
    if (id === raft.id) return true
    const at = leadership.follower(id)?.lastHeardAt
    return at !== undefined && raft.now - at < electionTimeoutMs
  })
  if (heard === 'won') return true
  becomeFollower(raft, undefined, 'hears from no majority')
  resetElectionTimer(raft, 'stepped down')
  return false
}

// ---- Requests and answers ------------------------------------------------------------------------------------------

/** RequestPreVote, at the receiver (dissertation §9.6). Changes nothing here: no term, no vote, no timer. */
export function onRequestPreVote(raft: Raft, request: RequestPreVote): void {
  if (request.nextTerm <= raft.currentTerm) return answerPreVote(raft, request, false, 'stale term')
  if (hearsFromLeader(raft)) return answerPreVote(raft, request, false, 'leader is alive')
  if (!raft.log.isUpToDate(request.lastLogIndex, request.lastLogTerm)) {
    return answerPreVote(raft, request, false, 'log behind ours')
  }
  answerPreVote(raft, request, true, 'would vote for it')
}

export function onRequestPreVoteResult(raft: Raft, result: RequestPreVoteResult): void {
  if (raft.role !== 'preCandidate') return refuse(raft, result, 'not asking')
  if (result.nextTerm !== raft.currentTerm + 1) return refuse(raft, result, 'about another term')
  countVote(raft, result.from, result.granted, true)
}

/**
 * RequestVote, at the receiver (§5.2, §5.4.1; stickiness: dissertation §4.2.3).
 *
 * The answer leaves only when term and vote are durable: a node that forgot its vote could elect two leaders.
 */
export function onRequestVote(raft: Raft, request: RequestVote): void {
  if (request.term < raft.currentTerm) return answerVote(raft, request, false, 'stale term')
  if (request.term > raft.currentTerm) {
    if (hearsFromLeader(raft) && !request.leadershipTransfer) {
      return answerVote(raft, request, false, 'leader is alive')
    }
    adoptTerm(raft, request.term, 'RequestVote of a later term')
  }
  if (raft.votedFor !== undefined && raft.votedFor !== request.from) {
    return answerVote(raft, request, false, 'already voted')
  }
  if (!raft.log.isUpToDate(request.lastLogIndex, request.lastLogTerm)) {
    return answerVote(raft, request, false, 'log behind ours')
  }

  if (raft.votedFor === undefined) voteFor(raft, request.from)
  resetElectionTimer(raft, 'voted')
  answerVote(raft, request, true, 'first in its term, and its log is up to date')
}

export function onRequestVoteResult(raft: Raft, result: RequestVoteResult): void {
  if (result.term < raft.currentTerm) return refuse(raft, result, 'stale term')
  if (raft.role !== 'candidate') return refuse(raft, result, 'not a candidate')
  countVote(raft, result.from, result.granted, false)
}

/** "Servers disregard RequestVote RPCs when they believe a current leader exists" (dissertation §4.2.3). */
export function hearsFromLeader(raft: Raft): boolean {
  if (raft.role === 'leader') return raft.options.checkQuorum
  // Leases count on this defence whatever else was learnt since: see lease.ts.
  const mayBeThere = raft.leader !== undefined || raft.options.leaseReads
  return mayBeThere && raft.now - raft.leaderHeardAt < raft.options.electionTimeoutMs
}

function otherVoters(raft: Raft): readonly NodeId[] {
  const { voters, oldVoters } = raft.configuration
  const everyone = oldVoters.length === 0 ? voters : [...new Set([...voters, ...oldVoters])]
  return everyone.filter(id => id !== raft.id)
}

function answerPreVote(raft: Raft, request: RequestPreVote, granted: boolean, reason: string): void {
  traceVote(raft, request.nextTerm, request.from, granted, true, reason)
  raft.send({
    type: 'RequestPreVoteResult',
    from: raft.id,
    to: request.from,
    term: raft.currentTerm,
    nextTerm: request.nextTerm,
    granted,
  })
}

function answerVote(raft: Raft, request: RequestVote, granted: boolean, reason: string): void {
  traceVote(raft, request.term, request.from, granted, false, reason)
  raft.send({ type: 'RequestVoteResult', from: raft.id, to: request.from, term: raft.currentTerm, granted })
}

function traceVote(
  raft: Raft,
  term: number,
  candidate: NodeId,
  granted: boolean,
  preVote: boolean,
  reason: string,
): void {
  if (raft.tracing) raft.emit({ type: 'vote', term, candidate, granted, preVote, reason })
}
