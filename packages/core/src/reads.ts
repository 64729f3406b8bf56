/**
 * Linearizable reads without writing to the log (§8; dissertation §6.4): the leader notes its commit index, makes sure by
 * a round of heartbeats that it still leads, and whoever asked answers once it has applied that far. One round serves all
 * reads that were waiting when it began.
 */
import type { Leadership, ReadRequest } from './leadership.ts'
import type { ReadIndex, ReadIndexResult } from './messages.ts'
import type { RaftState } from './state.ts'

// ---- At whoever asks -----------------------------------------------------------------------------------------------

export function read(raft: RaftState, id: number): void {
  const { leadership, leader } = raft
  if (leadership !== undefined) {
    leadership.newReads.push({ from: raft.id, id })
    return
  }
  if (leader === undefined) return raft.outbox.answerRead({ id, kind: 'abandoned', reason: 'noLeader' })
  raft.pendingReads.push({ id, deadline: raft.now + raft.options.electionTimeoutMs })
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

export function onReadIndex(raft: RaftState, request: ReadIndex): void {
  const { leadership } = raft
  if (leadership === undefined || request.term < raft.currentTerm) {
    raft.refuse(request, leadership === undefined ? 'not the leader' : 'stale term')
    return answer(raft, { from: request.from, id: request.context }, 0)
  }
  leadership.newReads.push({ from: request.from, id: request.context })
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
  for (const request of leadership.readBatch?.requests ?? []) answer(raft, request, 0)
  for (const request of leadership.newReads) answer(raft, request, 0)
}

/** A majority has heard this leader since the round began: it led when the reads were asked for. */
export function confirmReads(raft: RaftState, leadership: Leadership): void {
  const batch = leadership.readBatch
  if (batch === undefined) return
  if (!leadership.hasMajority(({ ackedRound }) => ackedRound >= batch.round)) return
  leadership.readBatch = undefined
  for (const request of batch.requests) answer(raft, request, batch.index)
}

/** `index` 0 is a refusal. */
function answer(raft: RaftState, { from, id }: ReadRequest, index: number): void {
  if (from === raft.id) {
    raft.outbox.answerRead(
      index === 0 ? { id, kind: 'abandoned', reason: 'leaderChanged' } : { id, kind: 'ready', index },
    )
    return
  }
  const result: ReadIndexResult = {
    type: 'ReadIndexResult',
    from: raft.id,
    to: from,
    term: raft.currentTerm,
    context: id,
    readIndex: index,
  }
  raft.send(result)
}
