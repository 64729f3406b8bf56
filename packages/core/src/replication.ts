/** Log replication (§5.3): proposals at the leader, AppendEntries and its answer, heartbeats. */
import { advanceCommit, commitTo } from './commit.ts'
import { configurationChanged } from './configuration.ts'
import { checkQuorum, hearLeader } from './election.ts'
import type { Entry } from './entry.ts'
import { invariant } from './invariant.ts'
import type { Proposed } from './io.ts'
import { believedFollower, type Leadership } from './leadership.ts'
import type { AppendEntries, AppendEntriesRejected, AppendEntriesResult } from './messages.ts'
import type { Progress } from './progress.ts'
import { type Raft, refuse } from './raft.ts'
import { confirmReads, startReadRound } from './reads.ts'
import { sendChunk } from './snapshot.ts'
import { summarize } from './summary.ts'
import { continueTransfer } from './transfer.ts'

const noEntries: readonly Entry[] = []
/** The round of an AppendEntries that wants no answer: it only tells what the answers to others have led to. */
const newsRound = 0

// ---- At the leader -------------------------------------------------------------------------------------------------

/** "The leader appends the command to its log as a new entry" (§5.3); `drain` then sends it in parallel with the own disk's write. */
export function propose(raft: Raft, data: Uint8Array): Proposed {
  const { leadership } = raft
  if (leadership === undefined) return { kind: 'NotLeader', leader: raft.leader }
  if (leadership.transfer !== undefined) return { kind: 'Transferring', to: leadership.transfer.to }
  const uncommittedBytes = bytesUncommitted(raft)
  if (uncommittedBytes > raft.options.maxUncommittedBytes) return { kind: 'Overloaded', uncommittedBytes }

  return appendOwn(raft, {
    index: raft.log.lastIndex + 1,
    term: raft.currentTerm,
    kind: 'command',
    data,
  })
}

/** No less than it is, and exact where it matters: counting takes time, and what is not applied yet is counted already. */
function bytesUncommitted({ log, commitIndex, options }: Raft): number {
  const { unappliedBytes } = log
  return unappliedBytes <= options.maxUncommittedBytes ? unappliedBytes : log.bytesOf(commitIndex + 1, log.lastIndex)
}

/** A leader only ever appends to its own log (Leader Append-Only, figure 3). */
export function appendOwn(raft: Raft, entry: Entry): Entry {
  raft.log.append(entry)
  if (raft.tracing) raft.emit({ type: 'appended', entries: [summarize(raft, entry)] })
  if (raft.configurations.onAppend(entry)) configurationChanged(raft, 'appended')
  return entry
}

/**
 * At every drain: to each follower whatever it lacks and its window has room for. The commit index rides on these; a
 * follower with nothing under way gets an empty AppendEntries for it.
 */
export function sendAppends(raft: Raft, leadership: Leadership): void {
  if (leadership.newReads.length > 0 && startReadRound(raft, leadership)) broadcastRound(raft, leadership)
  for (const progress of leadership.followers) {
    switch (progress.state) {
      case 'replicate':
        while (progress.nextIndex <= raft.log.lastIndex && !progress.inflight.isFull) {
          if (!sendEntries(raft, leadership, progress)) break
        }
        if (progress.inflight.count === 0 && lacksNews(raft, progress)) sendEmpty(raft, progress, newsRound)
        break
      case 'probe':
        if (!progress.probeSent) {
          if (progress.nextIndex <= raft.log.lastIndex) sendEntries(raft, leadership, progress)
          else sendEmpty(raft, progress, leadership.round)
          progress.probeSent = true
        }
        break
      case 'snapshot':
        sendChunk(raft, leadership, progress)
        break
      default:
        progress.state satisfies never
    }
  }
}

/** Whether it could take over a greater commit index than it has been sent. */
function lacksNews({ commitIndex }: Raft, { sentCommit, matchIndex }: Progress): boolean {
  return sentCommit < commitIndex && sentCommit < matchIndex
}

/** Says whether there was something to send it by: entries that are compacted go as a snapshot instead. */
function sendEntries(raft: Raft, leadership: Leadership, progress: Progress): boolean {
  const { log, options } = raft
  const prevLogIndex = progress.nextIndex - 1
  invariant(progress.matchIndex <= prevLogIndex, 'nextIndex is past matchIndex', prevLogIndex, progress.matchIndex)
  if (!log.holds(prevLogIndex)) {
    progress.becomeSnapshot(raft.snapshot)
    traceProgress(raft, progress)
    sendChunk(raft, leadership, progress)
    return false
  }
  const run = log.batch(progress.nextIndex, options.maxEntriesPerMessage, options.maxBytesPerMessage)
  raft.sendNow(appendEntries(raft, progress, prevLogIndex, run.entries, leadership.round))
  if (progress.state === 'replicate') {
    if (progress.inflight.count === 0) progress.inflightSince = raft.now
    progress.inflight.add(run.to, run.bytes)
    progress.nextIndex = run.to + 1
    traceProgress(raft, progress)
  }
  return true
}

/**
 * A heartbeat, or the news of a commit. Its `prevLogIndex` is what the follower is known to have, so that it may overtake
 * AppendEntries under way without being rejected; while probing it is the probe.
 */
function sendEmpty(raft: Raft, progress: Progress, round: number): void {
  const known = progress.state === 'probe' ? progress.nextIndex - 1 : progress.matchIndex
  const prevLogIndex = raft.log.holds(known) ? known : 0
  raft.sendNow(appendEntries(raft, progress, prevLogIndex, noEntries, round))
}

function appendEntries(
  raft: Raft,
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

/** "Upon election: send initial empty AppendEntries RPCs (heartbeat) to each server; repeat during idle periods" (figure 2). */
export function heartbeat(raft: Raft, leadership: Leadership): void {
  if (!checkQuorum(raft, leadership)) return
  leadership.beginRound()
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
    } else if (progress.state === 'snapshot' && raft.now - progress.chunkSentAt >= patience) {
      // To a follower that is gone, a chunk is not sent again and again.
      if ((progress.lastHeardAt ?? 0) > progress.chunkSentAt) progress.askForChunk()
    }
    sendEmpty(raft, progress, leadership.round)
    // The heartbeat is the probe, too: to a follower that is gone, entries are not sent again and again.
    progress.probeSent = true
  }
}

/** A round of heartbeats outside the timetable: what a read waits for. */
function broadcastRound(raft: Raft, leadership: Leadership): void {
  for (const progress of leadership.followers) sendEmpty(raft, progress, leadership.round)
}

export function onAppendEntriesResult(raft: Raft, result: AppendEntriesResult): void {
  const { leadership } = raft
  const progress = believedFollower(raft, result)
  if (leadership === undefined || progress === undefined) return
  if (result.round > progress.ackedRound) {
    progress.ackedRound = result.round
    confirmReads(raft, leadership)
  }
  if (!result.success) return onRejected(raft, progress, result)
  if (result.matchIndex > raft.log.lastIndex) return refuse(raft, result, 'acknowledges what was never sent')
  onMatched(raft, leadership, progress, result.matchIndex)
}

/** "If successful: update nextIndex and matchIndex for follower" (figure 2). A late answer changes nothing. */
function onMatched(raft: Raft, leadership: Leadership, progress: Progress, matchIndex: number): void {
  const moved = matchIndex > progress.matchIndex
  if (moved) {
    progress.matchIndex = matchIndex
    progress.inflight.freeUpTo(matchIndex)
    progress.inflightSince = raft.now
    if (progress.nextIndex <= matchIndex) progress.nextIndex = matchIndex + 1
  }
  const probeAnswered = progress.state === 'probe' && matchIndex >= progress.nextIndex - 1
  const snapshotArrived = progress.snapshot !== undefined && matchIndex >= progress.snapshot.index
  if (probeAnswered || snapshotArrived) progress.becomeReplicate()
  else if (!moved) return
  traceProgress(raft, progress)
  // Only a replica that passed the commit index can have moved it.
  if (moved && matchIndex > raft.commitIndex) advanceCommit(raft, leadership)
  if (raft.leadership !== undefined && leadership.transfer !== undefined) continueTransfer(raft, leadership)
}

/** "If AppendEntries fails because of log inconsistency: decrement nextIndex and retry", by whole terms (§5.3). */
function onRejected(raft: Raft, progress: Progress, result: AppendEntriesRejected): void {
  // Answering these would become a storm: such a follower lost what it had acknowledged, or answers out of order.
  if (result.rejectedIndex <= progress.matchIndex) return refuse(raft, result, 'rejects what it has acknowledged')
  if (progress.state === 'snapshot') return refuse(raft, result, 'a snapshot is under way')
  if (progress.state === 'probe' && result.rejectedIndex !== progress.nextIndex - 1) {
    return refuse(raft, result, 'stale rejection')
  }
  const agreed = raft.log.lastWithTermAtMost(Math.min(result.hintIndex, result.rejectedIndex - 1), result.hintTerm)
  progress.becomeProbe(agreed + 1)
  traceProgress(raft, progress)
}

function traceProgress(raft: Raft, { id, matchIndex, nextIndex, state }: Progress): void {
  if (raft.tracing) raft.emit({ type: 'progress', follower: id, matchIndex, nextIndex, state })
}

// ---- At the receiver -----------------------------------------------------------------------------------------------

/** AppendEntries, at the receiver (figure 2). What it acknowledges is durable first. */
export function onAppendEntries(raft: Raft, request: AppendEntries): void {
  const { log } = raft
  if (request.term < raft.currentTerm) return reject(raft, request, 'stale term')
  hearLeader(raft, request)

  const { prevLogIndex, entries } = request
  const verified = prevLogIndex + entries.length
  // All of it is in our snapshot, so committed, so in every later leader's log as well (Leader Completeness).
  if (verified <= log.snapshotIndex) return acknowledge(raft, request, log.snapshotIndex)
  if (prevLogIndex > log.lastIndex) return reject(raft, request, 'log too short')
  if (prevLogIndex >= log.snapshotIndex && prevLogIndex > 0 && log.termAt(prevLogIndex) !== request.prevLogTerm) {
    return reject(raft, request, 'another term at prevLogIndex')
  }

  appendMissing(raft, entries)
  // "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry)".
  const commitIndex = Math.min(request.leaderCommit, verified)
  if (commitIndex > raft.commitIndex) commitTo(raft, commitIndex, 'the leader says so')
  acknowledge(raft, request, verified)
}

/** "Append any new entries not already in the log" (figure 2): those that are there already stay, with whatever follows them. */
function appendMissing(raft: Raft, entries: readonly Entry[]): void {
  const { log } = raft
  let reconfigured = false
  let added = 0
  let bytesBefore = log.unappliedBytes
  for (const entry of entries) {
    if (entry.index <= log.lastIndex) {
      if (entry.index <= log.snapshotIndex || log.termAt(entry.index) === entry.term) continue
      truncateConflict(raft, entry)
      bytesBefore = log.unappliedBytes
    }
    log.append(entry)
    if (raft.configurations.onAppend(entry)) reconfigured = true
    added++
  }
  if (added > 0 && added === entries.length) log.shareRun(entries, log.unappliedBytes - bytesBefore)
  if (raft.tracing && added > 0) {
    raft.emit({ type: 'appended', entries: entries.slice(-added).map(entry => summarize(raft, entry)) })
  }
  if (reconfigured) configurationChanged(raft, 'appended')
}

/** "If an existing entry conflicts with a new one, delete the existing entry and all that follow it" — and only then. */
function truncateConflict(raft: Raft, entry: Entry): void {
  const { index } = entry
  invariant(raft.leadership === undefined, 'Leader Append-Only: a leader never truncates its log', index)
  invariant(index > raft.commitIndex, 'a committed entry is never truncated', index, raft.commitIndex)
  raft.log.truncate(index)
  raft.persistence.forgetFrom(index)
  if (raft.tracing) raft.emit({ type: 'truncated', from: index, reason: `the leader has another entry at ${index}` })
  if (raft.configurations.onTruncate(index)) configurationChanged(raft, 'rolledBack')
}

function acknowledge(raft: Raft, request: AppendEntries, matchIndex: number): void {
  if (request.round === newsRound) return
  const answer: AppendEntriesResult = {
    type: 'AppendEntriesResult',
    from: raft.id,
    to: request.from,
    term: raft.currentTerm,
    success: true,
    matchIndex,
    round: request.round,
  }
  // A heartbeat's answer promises nothing new, so a slow disk does not make a follower look dead.
  if (matchIndex <= raft.log.durableIndex && raft.persistence.isHardStateDurable) raft.sendNow(answer)
  else raft.outbox.sendWhenDurable(answer)
}

function reject(raft: Raft, request: AppendEntries, reason: string): void {
  const { log } = raft
  refuse(raft, request, reason)
  // What our snapshot covers is committed, so nothing below it can be where the logs part.
  const hintIndex = log.lastWithTermAtMost(Math.max(log.snapshotIndex, request.prevLogIndex - 1), request.prevLogTerm)
  raft.outbox.sendWhenDurable({
    type: 'AppendEntriesResult',
    from: raft.id,
    to: request.from,
    term: raft.currentTerm,
    success: false,
    rejectedIndex: request.prevLogIndex,
    hintIndex,
    hintTerm: hintIndex === 0 ? 0 : log.termAt(hintIndex),
    // A round of another term counts for nothing in this one.
    round: request.term < raft.currentTerm ? 0 : request.round,
  })
}
