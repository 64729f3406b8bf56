/** Leader election (§5.2, §5.4.1), pre-vote (dissertation §9.6) and check-quorum (§6.2). */
import { hearsFromLeader, resetElectionTimer } from './election-timer.ts'
import { invariant } from './invariant.ts'
import { Leadership } from './leadership.ts'
import type { NodeId } from './membership.ts'
import type { RequestPreVote, RequestPreVoteResult, RequestVote, RequestVoteResult } from './messages.ts'
import { appendOwn } from './propose.ts'
import { jointVoteResult } from './quorum.ts'
import { adoptTerm, becomeFollower, beginTerm, setLeader, setRole } from './roles.ts'
import type { RaftState } from './state.ts'

// ---- Campaigning ---------------------------------------------------------------------------------------------------

export function electionTimedOut(raft: RaftState): void {
  raft.listensOnceMore = false
  const campaigns = raft.mayCampaign || raft.isNeeded
  raft.isNeeded = false
  if (!campaigns) return endCampaign(raft)
  if (raft.options.preVote) preCampaign(raft)
  else campaign(raft, false)
}

/** Of one that has no vote: unless it is asked again, it has done what it could. */
function endCampaign(raft: RaftState): void {
  if (raft.role !== 'follower') becomeFollower(raft, undefined, 'lost the election')
  resetElectionTimer(raft, 'not a voter')
}

/**
 * A candidate counts on this node's vote, hears from no leader either, and has too short a log. If by this log this node
 * has a vote, one of its next campaigns settles it. If not, nobody else may be left who can be elected: the candidate needs
 * this vote by a configuration that others never saw, and those who need it not have shorter logs still. So this node
 * campaigns, without counting itself, and steps down once an entry of its term, and so all before it, is committed
 * (`commit.ts`). The dissertation lets a server that is not in its own latest configuration campaign, too (§4.2.2).
 */
function offerLog(raft: RaftState): void {
  const { configuration, leadership } = raft
  if (raft.mayCampaign || raft.isNeeded || leadership !== undefined || configuration.voters.length === 0) return
  raft.isNeeded = true
  if (raft.electionDeadline === Number.POSITIVE_INFINITY) resetElectionTimer(raft, 'a candidate lacks what it has')
}

/** Asks whether an election could be won, before disturbing anyone with a new term (dissertation §9.6). */
function preCampaign(raft: RaftState): void {
  raft.votes.clear()
  raft.votes.set(raft.id, true)
  setLeader(raft, undefined)
  setRole(raft, 'preCandidate', 'election timeout')
  resetElectionTimer(raft, 'asking for pre-votes')
  askForVotes(raft, { type: 'RequestPreVote', nextTerm: raft.currentTerm + 1 })
  tally(raft)
}

/** "Increment currentTerm, vote for self, reset election timer, send RequestVote RPCs to all other servers" (figure 2). */
export function campaign(raft: RaftState, leadershipTransfer: boolean): void {
  const reason = leadershipTransfer ? 'the leader handed over' : 'election timeout'
  beginTerm(raft, raft.currentTerm + 1)
  voteFor(raft, raft.id)
  if (raft.tracing) raft.emit({ type: 'term', term: raft.currentTerm, reason })
  raft.votes.clear()
  setLeader(raft, undefined)
  setRole(raft, 'candidate', reason)
  traceVote(raft, raft.currentTerm, raft.id, true, false, 'votes for itself')
  resetElectionTimer(raft, 'campaigning')
  askForVotes(raft, { type: 'RequestVote', leadershipTransfer })
}

/** The same question to every other voter, of both majorities while the configuration is joint. */
function askForVotes(
  raft: RaftState,
  question: Pick<RequestPreVote, 'type' | 'nextTerm'> | Pick<RequestVote, 'type' | 'leadershipTransfer'>,
): void {
  raft.askedForVotesAt = raft.now
  const { voters, oldVoters } = raft.configuration
  const { lastIndex: lastLogIndex, lastTerm: lastLogTerm } = raft.log
  for (const to of new Set([...voters, ...oldVoters])) {
    if (to === raft.id) continue
    raft.send({ ...question, from: raft.id, to, term: raft.currentTerm, lastLogIndex, lastLogTerm })
  }
}

/** "Each server will vote for at most one candidate in a given term" (§5.2). */
function voteFor(raft: RaftState, candidate: NodeId): void {
  invariant(raft.votedFor === undefined, 'a vote never changes within its term', raft.votedFor, candidate)
  raft.votedFor = candidate
  raft.persistence.hardStateChanged = true
}

/** A candidate's own vote counts, like any other, when it is durable: a node that forgot it could vote twice. */
export function countOwnVote(raft: RaftState): void {
  if (!raft.persistence.isHardStateDurable || raft.votes.has(raft.id)) return
  raft.votes.set(raft.id, true)
  tally(raft)
}

function countVote(raft: RaftState, from: NodeId, granted: boolean, preVote: boolean): void {
  // May answer an earlier question: then it took longer still.
  raft.patience.waited(raft.now - raft.askedForVotesAt, raft.now)
  if (raft.votes.has(from)) return
  raft.votes.set(from, granted)
  if (raft.tracing) raft.emit({ type: 'voteCounted', term: raft.currentTerm, from, granted, preVote })
  tally(raft)
}

function tally(raft: RaftState): void {
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
function becomeLeader(raft: RaftState): void {
  invariant(raft.role === 'candidate', 'only a candidate becomes leader', raft.role)
  raft.votes.clear()
  raft.isNeeded = false
  raft.electionDeadline = Number.POSITIVE_INFINITY
  setRole(raft, 'leader', 'a majority voted for it')
  setLeader(raft, raft.id)
  const leadership = new Leadership(raft.id, raft.options, raft.log.durableIndex, raft.now)
  leadership.adoptConfiguration(raft.configuration, raft.log.lastIndex, raft.now)
  leadership.measure(raft.log.lastIndex + 1, raft.now)
  raft.leadership = leadership
  appendOwn(raft, { index: raft.log.lastIndex + 1, term: raft.currentTerm, kind: 'noop', data: null })
}

/**
 * A leader that does not hear from a majority serves nobody: it steps down so that its clients look elsewhere. Whoever has
 * just become a voter has an election timeout to be heard, and so has everyone when this leader is new.
 */
export function checkQuorum(raft: RaftState, leadership: Leadership): boolean {
  if (!raft.options.checkQuorum) return true
  excuseSilence(raft, leadership)
  const timeoutMs = raft.patience.electionTimeoutMs(raft.now)
  const isThere = leadership.hasMajority(
    ({ lastHeardAt, awaitedSince }) => raft.now - Math.max(lastHeardAt ?? awaitedSince, awaitedSince) < timeoutMs,
  )
  if (isThere) return true
  becomeFollower(raft, undefined, 'hears from no majority')
  resetElectionTimer(raft, 'stepped down')
  return false
}

/**
 * Of a leader whose own timer is late: what its followers answered may be waiting here. Whoever was there when the timer
 * should have rung has another election timeout; but only one until it is heard.
 */
function excuseSilence({ now, patience }: RaftState, { nextHeartbeatAt, followers }: Leadership): void {
  if (!patience.isLate(now - nextHeartbeatAt)) return
  const timeoutMs = patience.electionTimeoutMs(now)
  patience.waited(now - nextHeartbeatAt, now)
  for (const voter of followers) {
    const { lastHeardAt = Number.NEGATIVE_INFINITY, awaitedSince } = voter
    if (lastHeardAt > awaitedSince && nextHeartbeatAt - lastHeardAt < timeoutMs) voter.awaitedSince = now
  }
}

// ---- Requests and answers ------------------------------------------------------------------------------------------

/** RequestPreVote, at the receiver (dissertation §9.6). Changes nothing here: no term, no vote, and no timer that runs. */
export function onRequestPreVote(raft: RaftState, request: RequestPreVote): void {
  if (request.nextTerm <= raft.currentTerm) return answerPreVote(raft, request, false, 'stale term')
  if (hearsFromLeader(raft)) return answerPreVote(raft, request, false, 'leader is alive')
  if (!raft.log.isUpToDate(request.lastLogIndex, request.lastLogTerm)) {
    offerLog(raft)
    return answerPreVote(raft, request, false, 'log behind ours')
  }
  answerPreVote(raft, request, true, 'would vote for it')
}

export function onRequestPreVoteResult(raft: RaftState, result: RequestPreVoteResult): void {
  if (raft.role !== 'preCandidate') return raft.refuse(result, 'not asking')
  if (result.nextTerm !== raft.currentTerm + 1) return raft.refuse(result, 'about another term')
  countVote(raft, result.from, result.granted, true)
}

/**
 * RequestVote, at the receiver (§5.2, §5.4.1; stickiness: dissertation §4.2.3).
 *
 * The answer leaves only when term and vote are durable: a node that forgot its vote could elect two leaders.
 */
export function onRequestVote(raft: RaftState, request: RequestVote): void {
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
    offerLog(raft)
    return answerVote(raft, request, false, 'log behind ours')
  }

  if (raft.votedFor === undefined) voteFor(raft, request.from)
  resetElectionTimer(raft, 'voted')
  answerVote(raft, request, true, 'first in its term, and its log is up to date')
}

export function onRequestVoteResult(raft: RaftState, result: RequestVoteResult): void {
  if (result.term < raft.currentTerm) return raft.refuse(result, 'stale term')
  if (raft.role !== 'candidate') return raft.refuse(result, 'not a candidate')
  countVote(raft, result.from, result.granted, false)
}

function answerPreVote(raft: RaftState, request: RequestPreVote, granted: boolean, reason: string): void {
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

function answerVote(raft: RaftState, request: RequestVote, granted: boolean, reason: string): void {
  traceVote(raft, request.term, request.from, granted, false, reason)
  raft.send({ type: 'RequestVoteResult', from: raft.id, to: request.from, term: raft.currentTerm, granted })
}

function traceVote(
  raft: RaftState,
  term: number,
  candidate: NodeId,
  granted: boolean,
  preVote: boolean,
  reason: string,
): void {
  if (raft.tracing) raft.emit({ type: 'vote', term, candidate, granted, preVote, reason })
}
