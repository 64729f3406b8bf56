/**
 * Linearizable reads without writing to the log (§8; dissertation §6.4): the leader notes its commit index, makes sure by
 * a round of heartbeats that it still leads, and whoever asked answers once it has applied that far. One round serves all
 * reads that were waiting when it began.
 */
import type { Leadership, ReadRequest } from './leadership.ts'
import type { NodeId } from './membership.ts'
import type { ReadIndex, ReadIndexResult } from './messages.ts'
import type { RaftState } from './state.ts'

// ---- At whoever asks -----------------------------------------------------------------------------------------------

export function read(raft: RaftState, id: number): void {
  const { leadership, leader, options } = raft
  const deadline = raft.now + options.electionTimeoutMs
  if (leadership !== undefined) return waitForRound(raft, leadership, { from: raft.id, id, deadline })
  if (leader === undefined) return raft.outbox.answerRead({ id, kind: 'abandoned', reason: 'noLeader' })
  if (raft.pendingReads.length >= options.maxPendingReads) {
    return raft.outbox.answerRead({ id, kind: 'abandoned', reason: 'overloaded' })
  }
  raft.pendingReads.push({ id, deadline })
  const request: ReadIndex = { type: 'ReadIndex', from: raft.id, to: leader, term: raft.currentTerm, context: id }
  raft.send(request)
}

export function onReadIndexResult(raft: RaftState, result: ReadIndexResult): void {
  const at = raft.pendingReads.findIndex(pending => pending.id === result.context)
  if (at < 0) return raft.refuse(result, 'nobody waits for it')
  raft.pendingReads.splice(at, 1)
  if (result.readIndex === 0 || result.term < raft.currentTerm) {
    return raft.outbox.answerRead({ id: result.context, kind: 'abandoned', reason: 'leaderChanged' })
  }
  raft.outbox.answerRead({ id: result.context, kind: 'ready', index: result.readIndex })
}

export function expireReads(raft: RaftState): void {
  for (
    let first = raft.pendingReads[0];
    first !== undefined && raft.now >= first.deadline;
    first = raft.pendingReads[0]
  ) {
    raft.pendingReads.shift()
    raft.outbox.answerRead({ id: first.id, kind: 'abandoned', reason: 'timeout' })
  }
}

/** The leader that was asked is not the leader any more: it will not answer, and the next may be asked at once. */
export function abandonPendingReads(raft: RaftState): void {
  for (const { id } of raft.pendingReads) raft.outbox.answerRead({ id, kind: 'abandoned', reason: 'leaderChanged' })
  raft.pendingReads.length = 0
}

// ---- At the leader -------------------------------------------------------------------------------------------------

export function onReadIndex(raft: RaftState, message: ReadIndex): void {
  const { leadership, options, now } = raft
  const request = { from: message.from, id: message.context, deadline: now + options.electionTimeoutMs }
  if (leadership === undefined || message.term < raft.currentTerm) {
    raft.refuse(message, leadership === undefined ? 'not the leader' : 'stale term')
    return abandon(raft, request, 'leaderChanged')
  }
  waitForRound(raft, leadership, request)
}

function waitForRound(raft: RaftState, leadership: Leadership, request: ReadRequest): void {
  const { newReads, readBatch } = leadership
  const waiting = newReads.length + (readBatch?.requests.length ?? 0)
  if (waiting >= raft.options.maxPendingReads) return abandon(raft, request, 'overloaded')
  newReads.push(request)
}

/** No majority confirmed them in time, or none could: a disk stands still, and no entry of the own term is committed. */
export function expireReadsOf(raft: RaftState, leadership: Leadership): void {
  const { newReads, readBatch } = leadership
  const waiting = [...(readBatch?.requests ?? []), ...newReads]
  const isLate = ({ deadline }: ReadRequest): boolean => raft.now >= deadline
  const [oldest] = waiting
  if (oldest === undefined || !isLate(oldest)) return
  const inTime = (requests: readonly ReadRequest[]): ReadRequest[] => requests.filter(request => !isLate(request))
  leadership.newReads = inTime(newReads)
  if (readBatch !== undefined) readBatch.requests = inTime(readBatch.requests)
  if (readBatch?.requests.length === 0) leadership.readBatch = undefined
  // Whoever asked from elsewhere has been waiting for longer, and knows.
  for (const request of waiting.filter(isLate)) if (request.from === raft.id) abandon(raft, request, 'timeout')
}

/**
 * Starts a round for the reads that wait for one, and says whether heartbeats must go out for it. A new leader does not
 * know how far its predecessors committed until an entry of its own term has (§8), so reads wait for that first. A leader
 * with a lease needs no round (§6.4.1).
 */
export function startReadRound(raft: RaftState, leadership: Leadership): boolean {
  if (raft.log.termAt(raft.commitIndex) !== raft.currentTerm) return false
  if (leadership.holdsLease(raft.now)) {
    for (const request of leadership.newReads) answer(raft, request, raft.commitIndex)
    leadership.newReads = []
    return false
  }
  if (leadership.readBatch !== undefined) return false
  leadership.beginRound(raft.now)
  leadership.readBatch = { round: leadership.round, index: raft.commitIndex, requests: leadership.newReads }
  leadership.newReads = []
  confirmReads(raft, leadership)
  return leadership.readBatch !== undefined
}

/** A leader that stops leading answers none of the reads that wait for it. */
export function refuseReads(raft: RaftState, leadership: Leadership): void {
  for (const request of leadership.readBatch?.requests ?? []) abandon(raft, request, 'leaderChanged')
  for (const request of leadership.newReads) abandon(raft, request, 'leaderChanged')
}

/** A majority has heard this leader since the round began: it led when the reads were asked for. */
export function confirmReads(raft: RaftState, leadership: Leadership): void {
  const batch = leadership.readBatch
  if (batch === undefined) return
  if (!leadership.hasMajority(({ ackedRound }) => ackedRound >= batch.round)) return
  leadership.readBatch = undefined
  for (const request of batch.requests) answer(raft, request, batch.index)
}

function answer(raft: RaftState, { from, id }: ReadRequest, index: number): void {
  if (from === raft.id) raft.outbox.answerRead({ id, kind: 'ready', index })
  else sendReadIndex(raft, from, id, index)
}

/** Another node is only told that it must ask again. */
function abandon(raft: RaftState, { from, id }: ReadRequest, reason: 'leaderChanged' | 'timeout' | 'overloaded'): void {
  if (from === raft.id) raft.outbox.answerRead({ id, kind: 'abandoned', reason })
  else sendReadIndex(raft, from, id, 0)
}

function sendReadIndex(raft: RaftState, to: NodeId, context: number, readIndex: number): void {
  raft.send({ type: 'ReadIndexResult', from: raft.id, to, term: raft.currentTerm, context, readIndex })
}
