/** InstallSnapshot (§7, figure 13), from both ends: for followers that need what is compacted. */
import { acknowledge, believedFollower } from './acknowledgement.ts'
import { configurationChanged } from './configuration.ts'
import type { Snapshot } from './entry.ts'
import { IncomingSnapshot } from './incoming-snapshot.ts'
import { invariant } from './invariant.ts'
import type { Leadership } from './leadership.ts'
import type { InstallSnapshot, InstallSnapshotResult } from './messages.ts'
import { OutgoingSnapshot } from './outgoing-snapshot.ts'
import type { Progress } from './progress.ts'
import { hearLeader } from './roles.ts'
import type { RaftState } from './state.ts'

// ---- At the leader -------------------------------------------------------------------------------------------------

/** At every drain: whatever the window has room for, to a follower that is there. */
export function sendChunks(raft: RaftState, leadership: Leadership, progress: Progress): void {
  const { outgoing } = progress
  // Entries right after it are gone: to have it would not help.
  if (outgoing !== undefined && !raft.log.holds(outgoing.snapshot.index)) progress.outgoing = undefined
  if (progress.outgoing === undefined) {
    if (!progress.isHeardSince(raft.now - raft.options.electionTimeoutMs)) return
    progress.outgoing = new OutgoingSnapshot(snapshotToSend(raft, leadership), raft.options, raft.now)
  }
  const { snapshot } = progress.outgoing
  for (
    let chunk = progress.outgoing.nextChunk(raft.now);
    chunk !== undefined;
    chunk = progress.outgoing.nextChunk(raft.now)
  ) {
    raft.sendNow({
      type: 'InstallSnapshot',
      from: raft.id,
      to: progress.id,
      term: raft.currentTerm,
      lastIncludedIndex: snapshot.index,
      lastIncludedTerm: snapshot.term,
      configuration: snapshot.configuration,
      offset: chunk.offset,
      data: chunk.data,
      totalBytes: snapshot.data.byteLength,
      round: leadership.round,
    })
  }
}

/** One that is under way to another follower, if the log goes on from there, so that few are kept at a time; or the latest. */
function snapshotToSend(raft: RaftState, leadership: Leadership): Snapshot {
  for (const { outgoing } of leadership.followers) {
    if (outgoing !== undefined && raft.log.holds(outgoing.snapshot.index)) return outgoing.snapshot
  }
  invariant(raft.snapshot !== undefined, 'what is compacted is in a snapshot')
  return raft.snapshot
}

/** To a follower that has said nothing since, nothing is sent again. */
export function sendLostChunksAgain(raft: RaftState, progress: Progress, patienceMs: number): void {
  const { outgoing } = progress
  if (outgoing === undefined || !outgoing.isOverdue(raft.now, patienceMs)) return
  if (progress.isHeardSince(outgoing.askedAt)) outgoing.askAgain()
}

export function onInstallSnapshotResult(raft: RaftState, result: InstallSnapshotResult): void {
  const progress = believedFollower(raft, result)
  if (progress === undefined) return
  const { outgoing } = progress
  if (outgoing === undefined || outgoing.snapshot.index !== result.lastIncludedIndex) {
    return raft.refuse(result, 'another snapshot')
  }
  if (result.nextOffset > outgoing.snapshot.data.byteLength) {
    return raft.refuse(result, 'acknowledges what was never sent')
  }
  outgoing.onAnswer(result.nextOffset, result.round, raft.now)
}

// ---- At the receiver -----------------------------------------------------------------------------------------------

/** InstallSnapshot, at the receiver (figure 13). Each chunk is answered by the offset up to which all are here. */
export function onInstallSnapshot(raft: RaftState, request: InstallSnapshot): void {
  if (request.term < raft.currentTerm) {
    raft.refuse(request, 'stale term')
    // Tells the later term, and nothing else: a round of another term counts for nothing in this one.
    return acknowledge(raft, request.from, 0, 0)
  }
  hearLeader(raft, request)
  // Everything in it is committed here already: the leader only did not know.
  if (request.lastIncludedIndex <= raft.commitIndex) {
    return acknowledge(raft, request.from, request.lastIncludedIndex, request.round)
  }

  const incoming = incomingWith(raft, request)
  incoming.add(request.offset, request.data)
  sayNextOffset(raft, request, incoming.receivedBytes)
  if (!incoming.isComplete) return

  raft.incoming = undefined
  install(raft, {
    index: request.lastIncludedIndex,
    term: request.lastIncludedTerm,
    configuration: request.configuration,
    data: incoming.data(),
  })
  acknowledge(raft, request.from, request.lastIncludedIndex, request.round)
}

/** What this chunk is a part of: the snapshot that is under way, or a new one. */
function incomingWith(raft: RaftState, request: InstallSnapshot): IncomingSnapshot {
  if (raft.incoming?.includes(request)) return raft.incoming
  raft.incoming = new IncomingSnapshot(request, raft.options)
  return raft.incoming
}

/** "If existing log entry has same index and term as snapshot's last included entry, retain log entries following it … otherwise discard the entire log" (figure 13). */
function install(raft: RaftState, snapshot: Snapshot): void {
  invariant(snapshot.index > raft.commitIndex, 'the commit index only grows', snapshot.index, raft.commitIndex)
  const keptTail = raft.log.install(snapshot)
  if (!keptTail) raft.persistence.forgetFrom(1)
  raft.configurations.onInstall(snapshot.index, snapshot.configuration, keptTail)
  raft.replaceSnapshot(snapshot)
  raft.restore = snapshot
  raft.commitIndex = snapshot.index
  raft.lastApplied = snapshot.index
  if (raft.tracing) raft.emit({ type: 'snapshot', action: 'installed', index: snapshot.index, term: snapshot.term })
  configurationChanged(raft, 'appended')
}

function sayNextOffset(raft: RaftState, request: InstallSnapshot, nextOffset: number): void {
  const answer: InstallSnapshotResult = {
    type: 'InstallSnapshotResult',
    from: raft.id,
    to: request.from,
    term: raft.currentTerm,
    lastIncludedIndex: request.lastIncludedIndex,
    nextOffset,
    round: request.round,
  }
  raft.send(answer)
}
