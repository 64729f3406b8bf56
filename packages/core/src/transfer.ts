/** Leadership transfer (dissertation §3.10): writes pause, the target catches up, TimeoutNow makes it campaign at once. */
import { campaign } from './election.ts'
import type { NodeId } from './entry.ts'
import type { Outcome } from './io.ts'
import type { Leadership } from './leadership.ts'
import type { TimeoutNow } from './messages.ts'
import type { Progress } from './progress.ts'
import { type Raft, refuse } from './raft.ts'

export interface Transfer {
  readonly to: NodeId
  /** "If leadership transfer does not complete after about an election timeout, the prior leader aborts the transfer." */
  readonly deadline: number
  timeoutNowSent: boolean
}

export function transferLeadership(raft: Raft, to: NodeId | undefined): Outcome {
  const { leadership } = raft
  if (leadership === undefined) return { kind: 'NotLeader', leader: raft.leader }
  if (to === raft.id) return { kind: 'TransferRefused', reason: 'self' }
  if (leadership.transfer !== undefined) return { kind: 'Transferring', to: leadership.transfer.to }
  const target = to ?? bestSuccessor(raft, leadership)?.id
  if (target === undefined) return { kind: 'TransferRefused', reason: 'noTarget' }
  if (!raft.configuration.voters.includes(target)) return { kind: 'TransferRefused', reason: 'notVoter' }

  leadership.transfer = {
    to: target,
    deadline: raft.now + raft.options.electionTimeoutMs,
    timeoutNowSent: false,
  }
  leadership.lease.end()
  if (raft.tracing) raft.emit({ type: 'transfer', to: target, stage: 'begun' })
  continueTransfer(raft, leadership)
  return { kind: 'done' }
}

/** The target may take over as soon as its log is as long as ours: a shorter one could not win. */
export function continueTransfer(raft: Raft, leadership: Leadership): void {
  const { transfer } = leadership
  if (transfer === undefined || transfer.timeoutNowSent) return
  const progress = leadership.follower(transfer.to)
  if (progress === undefined || progress.matchIndex < raft.log.lastIndex) return
  transfer.timeoutNowSent = true
  sendTimeoutNow(raft, transfer.to)
}

export function expireTransfer(raft: Raft, leadership: Leadership): void {
  const { transfer } = leadership
  if (transfer === undefined || raft.now < transfer.deadline) return
  leadership.transfer = undefined
  if (raft.tracing) raft.emit({ type: 'transfer', to: transfer.to, stage: 'aborted' })
}

/** A leader that steps down by itself names a successor, so that nobody waits for an election timeout. */
export function handOver(raft: Raft, leadership: Leadership): void {
  const successor = bestSuccessor(raft, leadership)
  if (successor !== undefined) sendTimeoutNow(raft, successor.id)
}

/** TimeoutNow, at the target: campaign without asking first; the leader itself wants this election. */
export function onTimeoutNow(raft: Raft, message: TimeoutNow): void {
  if (message.term < raft.currentTerm) return refuse(raft, message, 'stale term')
  if (raft.role === 'leader') return refuse(raft, message, 'leads already')
  if (!raft.mayCampaign) return refuse(raft, message, 'has no vote')
  campaign(raft, true)
}

/** The voter with the longest log, of those heard from lately. */
function bestSuccessor(raft: Raft, leadership: Leadership): Progress | undefined {
  let best: Progress | undefined
  for (const progress of leadership.followers) {
    if (!raft.configuration.voters.includes(progress.id)) continue
    if (progress.lastHeardAt === undefined || raft.now - progress.lastHeardAt >= raft.options.electionTimeoutMs)
      continue
    if (best === undefined || progress.matchIndex > best.matchIndex) best = progress
  }
  return best
}

function sendTimeoutNow(raft: Raft, to: NodeId): void {
  if (raft.tracing) raft.emit({ type: 'transfer', to, stage: 'sentTimeoutNow' })
  raft.outbox.sendNow({ type: 'TimeoutNow', from: raft.id, to, term: raft.currentTerm })
}
