/** Log replication at the leader (§5.3): AppendEntries, and what their answers tell. */
import { believedFollower } from './acknowledgement.ts'
import { advanceCommit } from './commit.ts'
import type { Entry } from './entry.ts'
import { invariant } from './invariant.ts'
import type { Leadership } from './leadership.ts'
import {
  type AppendEntries,
  type AppendEntriesAccepted,
  type AppendEntriesRejected,
  type AppendEntriesResult,
  noAnswerWanted,
} from './messages.ts'
import type { Progress } from './progress.ts'
import { confirmReads, startReadRound } from './reads.ts'
import { sendChunks } from './snapshot.ts'
import type { RaftState } from './state.ts'

const noEntries: readonly Entry[] = []

/**
 * At every drain: to each follower whatever it lacks and its window has room for. The commit index rides on these; a
 * follower with nothing under way gets an empty AppendEntries for it.
 */
export function sendAppends(raft: RaftState, leadership: Leadership): void {
  if (leadership.newReads.length > 0 && startReadRound(raft, leadership)) broadcastRound(raft, leadership)
  for (const progress of leadership.followers) {
    switch (progress.state) {
      case 'replicate':
        while (progress.nextIndex <= raft.log.lastIndex && !progress.inflight.isFull) {
          if (!sendEntries(raft, leadership, progress)) break
        }
        if (progress.inflight.count === 0 && lacksNews(raft, progress)) sendEmpty(raft, progress, noAnswerWanted)
        break
      case 'probe':
        if (!progress.probeSent) {
          if (progress.nextIndex <= raft.log.lastIndex) sendEntries(raft, leadership, progress)
          else sendEmpty(raft, progress, leadership.round)
          progress.probeSent = true
        }
        break
      case 'snapshot':
        sendChunks(raft, leadership, progress)
        break
      default:
        progress.state satisfies never
    }
  }
}

/** Whether it could take over a greater commit index than it has been sent. */
function lacksNews({ commitIndex }: RaftState, { sentCommit, matchIndex }: Progress): boolean {
  return sentCommit < commitIndex && sentCommit < matchIndex
}

/** Says whether there was something to send it by: entries that are compacted go as a snapshot instead. */
function sendEntries(raft: RaftState, leadership: Leadership, progress: Progress): boolean {
  const { log, options } = raft
  const prevLogIndex = progress.nextIndex - 1
  invariant(progress.matchIndex <= prevLogIndex, 'nextIndex is past matchIndex', prevLogIndex, progress.matchIndex)
  if (!log.holds(prevLogIndex)) {
    progress.becomeSnapshot()
    traceProgress(raft, progress)
    sendChunks(raft, leadership, progress)
    return false
  }
  const entries = log.batch(
    progress.nextIndex,
    progress.stalls > 0 ? 1 : options.maxEntriesPerMessage,
    options.maxBytesPerMessage,
  )
  raft.sendNow(appendEntries(raft, progress, prevLogIndex, entries, leadership.round))
  if (progress.state === 'replicate') {
    if (progress.inflight.count === 0) progress.inflightSince = raft.now
    const lastSent = prevLogIndex + entries.length
    progress.inflight.add(lastSent, log.bytesBetween(prevLogIndex, lastSent))
    progress.nextIndex = lastSent + 1
    traceProgress(raft, progress)
  }
  return true
}

/**
 * A heartbeat, or the news of a commit. Its `prevLogIndex` is what the follower is known to have, so that it may overtake
 * AppendEntries under way without being rejected; while probing it is the probe.
 */
export function sendEmpty(raft: RaftState, progress: Progress, round: number): void {
  const known = progress.state === 'probe' ? progress.nextIndex - 1 : progress.matchIndex
  const prevLogIndex = raft.log.holds(known) ? known : 0
  raft.sendNow(appendEntries(raft, progress, prevLogIndex, noEntries, round))
}

function appendEntries(
  raft: RaftState,
  progress: Progress,
  prevLogIndex: number,
  entries: readonly Entry[],
  round: number,
): AppendEntries {
  const news = Math.min(raft.commitIndex, prevLogIndex + entries.length)
  if (news > progress.sentCommit) progress.sentCommit = news
  return {
    type: 'AppendEntries',
    from: raft.id,
    to: progress.id,
    term: raft.currentTerm,
    prevLogIndex,
    prevLogTerm: prevLogIndex === 0 ? 0 : raft.log.termAt(prevLogIndex),
    entries,
    leaderCommit: raft.commitIndex,
    round,
  }
}

/** A round of heartbeats outside the timetable: what a read waits for. */
export function broadcastRound(raft: RaftState, leadership: Leadership): void {
  for (const progress of leadership.followers) sendEmpty(raft, progress, leadership.round)
}

export function onAppendEntriesResult(raft: RaftState, result: AppendEntriesResult): void {
  const { leadership } = raft
  const progress = believedFollower(raft, result)
  if (leadership === undefined || progress === undefined) return
  if (result.round > progress.ackedRound) {
    progress.ackedRound = result.round
    confirmReads(raft, leadership)
  }
  if (!result.success) return onRejected(raft, progress, result)
  if (result.matchIndex > raft.log.lastIndex) return raft.refuse(result, 'acknowledges what was never sent')
  onMatched(raft, leadership, progress, result)
}

/** "If successful: update nextIndex and matchIndex for follower" (figure 2). A late answer changes nothing. */
function onMatched(
  raft: RaftState,
  leadership: Leadership,
  progress: Progress,
  { matchIndex, round }: AppendEntriesAccepted,
): void {
  const moved = progress.onMatched(matchIndex, round, raft.now)
  // A follower that stalled is there all the time: only what it acknowledges is an answer.
  const probeAnswered = progress.state === 'probe' && matchIndex >= progress.nextIndex - 1 && progress.stalls === 0
  const isFound = progress.state !== 'replicate' && moved && raft.log.holds(matchIndex)
  if (probeAnswered || isFound) progress.becomeReplicate()
  else if (!moved) return
  traceProgress(raft, progress)
  // Only a replica that passed the commit index can have moved it.
  if (moved && matchIndex > raft.commitIndex) advanceCommit(raft, leadership)
}

/** "If AppendEntries fails because of log inconsistency: decrement nextIndex and retry", by whole terms (§5.3). */
function onRejected(raft: RaftState, progress: Progress, result: AppendEntriesRejected): void {
  // Answering these would become a storm: such a follower lost what it had acknowledged, or answers out of order.
  if (result.rejectedIndex <= progress.matchIndex) return raft.refuse(result, 'rejects what it has acknowledged')
  if (progress.state === 'snapshot') return raft.refuse(result, 'a snapshot is under way')
  if (progress.state === 'probe' && result.rejectedIndex !== progress.nextIndex - 1) {
    return raft.refuse(result, 'stale rejection')
  }
  const agreed = raft.log.lastWithTermAtMost(Math.min(result.hintIndex, result.rejectedIndex - 1), result.hintTerm)
  progress.becomeProbe(agreed + 1)
  traceProgress(raft, progress)
}

export function traceProgress(raft: RaftState, { id, matchIndex, nextIndex, state }: Progress): void {
  if (raft.tracing) raft.emit({ type: 'progress', follower: id, matchIndex, nextIndex, state })
}
