/** Leadership transfer (dissertation §3.10): writes pause, the target catches up, TimeoutNow makes it campaign at once. */
import { campaign } from './election.ts'
import type { Outcome } from './io.ts'
import type { Leadership, Transfer } from './leadership.ts'
import type { NodeId } from './membership.ts'
import type { TimeoutNow } from './messages.ts'
import type { Progress } from './progress.ts'
import type { RaftState } from './state.ts'

export function transferLeadership(raft: RaftState, to: NodeId | undefined, atOnce: boolean): Outcome {
  const { leadership } = raft
  if (leadership === undefined) return { kind: 'NotLeader', leader: raft.leader }
  if (to === raft.id) return { kind: 'TransferRefused', reason: 'self' }
  const underWay = leadership.transfer
  if (underWay !== undefined && (underWay.timeoutNowSent || !atOnce)) return { kind: 'Transferring', to: underWay.to }
  if (to !== undefined && !raft.configuration.voters.includes(to)) {
    return { kind: 'TransferRefused', reason: 'notVoter' }
  }
  const target = to === undefined ? bestSuccessor(raft, leadership) : leadership.follower(to)
  if (target === undefined) return { kind: 'TransferRefused', reason: 'noTarget' }
  if (!canTakeOver(raft, target)) return { kind: 'TransferRefused', reason: 'lagging' }

  leadership.transfer = {
    to: target.id,
    atOnce,
    deadline: raft.now + raft.options.electionTimeoutMs,
    timeoutNowSent: false,
  }
  leadership.lease?.end()
  if (raft.tracing) raft.emit({ type: 'transfer', to: target.id, stage: 'begun' })
  return { kind: 'done' }
}

/**
 * After whatever the target lacks was sent: it may take over as soon as its log is as long as ours, for a shorter one could
 * not win. If it has to be at once, it has all of it when TimeoutNow arrives. Should that come too early all the same (the
 * window was full, a message was lost), the election is lost, and another follows as if nothing had been said.
 */
export function pursueTransfer(raft: RaftState, leadership: Leadership, transfer: Transfer): void {
  if (transfer.timeoutNowSent) return
  const progress = leadership.follower(transfer.to)
  if (!transfer.atOnce && (progress === undefined || progress.matchIndex < raft.log.lastIndex)) return
  transfer.timeoutNowSent = true
  sendTimeoutNow(raft, transfer.to)
}

export function expireTransfer(raft: RaftState, leadership: Leadership): void {
  const { transfer } = leadership
  if (transfer === undefined || raft.now < transfer.deadline) return
  leadership.transfer = undefined
  if (raft.tracing) raft.emit({ type: 'transfer', to: transfer.to, stage: 'aborted' })
}

/** A leader that steps down by itself names a successor, so that nobody waits for an election timeout. */
export function handOver(raft: RaftState, leadership: Leadership): void {
  const successor = bestSuccessor(raft, leadership)
  if (successor !== undefined) sendTimeoutNow(raft, successor.id)
}

/** TimeoutNow, at the target: campaign without asking first; the leader itself wants this election. */
export function onTimeoutNow(raft: RaftState, message: TimeoutNow): void {
  if (message.term < raft.currentTerm) return raft.refuse(message, 'stale term')
  if (raft.role === 'leader') return raft.refuse(message, 'leads already')
  if (!raft.mayCampaign) return raft.refuse(message, 'has no vote')
  campaign(raft, true)
}

/** The voter with the longest log, of those heard from lately. */
function bestSuccessor(raft: RaftState, leadership: Leadership): Progress | undefined {
  let best: Progress | undefined
  for (const progress of leadership.followers) {
    if (!raft.configuration.voters.includes(progress.id) || !canTakeOver(raft, progress)) continue
    if (best === undefined || progress.matchIndex > best.matchIndex) best = progress
  }
  return best
}

/** Who is silent, or needs a snapshot first, would not catch up before the transfer is aborted. */
function canTakeOver(raft: RaftState, { state, lastHeardAt }: Progress): boolean {
  const heardLately = lastHeardAt !== undefined && raft.now - lastHeardAt < raft.options.electionTimeoutMs
  return heardLately && state !== 'snapshot'
}

function sendTimeoutNow(raft: RaftState, to: NodeId): void {
  if (raft.tracing) raft.emit({ type: 'transfer', to, stage: 'sentTimeoutNow' })
  raft.sendNow({ type: 'TimeoutNow', from: raft.id, to, term: raft.currentTerm })
}
