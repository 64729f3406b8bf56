/** InstallSnapshot (§7, figure 13), from both ends: for followers that need what is compacted. */
import { acknowledge, believedFollower } from './acknowledgement.ts'
import { configurationChanged } from './configuration.ts'
import type { Snapshot } from './entry.ts'
import { IncomingSnapshot } from './incoming-snapshot.ts'
import { invariant } from './invariant.ts'
import type { Leadership } from './leadership.ts'
import type { InstallSnapshot, InstallSnapshotResult } from './messages.ts'
import type { Progress } from './progress.ts'
import { hearLeader } from './roles.ts'
import type { RaftState } from './state.ts'

// ---- At the leader -------------------------------------------------------------------------------------------------

/** One chunk at a time, the next when the last is acknowledged; a lost one is sent again after a while. */
export function sendChunk(raft: RaftState, leadership: Leadership, progress: Progress): void {
  const { snapshot, snapshotOffset } = progress
  if (snapshot === undefined || progress.chunkSentAt !== Number.NEGATIVE_INFINITY) return
  progress.chunkSentAt = raft.now
  raft.sendNow({
    type: 'InstallSnapshot',
    from: raft.id,
    to: progress.id,
    term: raft.currentTerm,
    lastIncludedIndex: snapshot.index,
    lastIncludedTerm: snapshot.term,
    configuration: snapshot.configuration,
    offset: snapshotOffset,
    data: snapshot.data.subarray(snapshotOffset, snapshotOffset + raft.options.snapshotChunkBytes),
    totalBytes: snapshot.data.byteLength,
    round: leadership.round,
  })
}

/** A chunk without an answer was lost; to a follower that is gone, it is not sent again and again. */
export function sendLostChunkAgain(raft: RaftState, progress: Progress, patienceMs: number): void {
  if (raft.now - progress.chunkSentAt < patienceMs) return
  if ((progress.lastHeardAt ?? 0) > progress.chunkSentAt) progress.askForChunk()
}

export function onInstallSnapshotResult(raft: RaftState, result: InstallSnapshotResult): void {
  const progress = believedFollower(raft, result)
  if (progress === undefined) return
  const { snapshot } = progress
  if (snapshot === undefined || snapshot.index !== result.lastIncludedIndex)
    return raft.refuse(result, 'another snapshot')
  if (result.nextOffset > snapshot.data.byteLength) return raft.refuse(result, 'acknowledges what was never sent')
  if (result.nextOffset === progress.snapshotOffset) return
  progress.snapshotOffset = result.nextOffset
  progress.askForChunk()
}

// ---- At the receiver -----------------------------------------------------------------------------------------------

/** InstallSnapshot, at the receiver (figure 13). Chunks come in order; any other is answered by the offset that is wanted. */
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
  if (request.offset !== incoming.receivedBytes) return askForOffset(raft, request, incoming.receivedBytes)
  incoming.add(request.data)
  if (!incoming.isComplete) return askForOffset(raft, request, incoming.receivedBytes)

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
  raft.incoming = new IncomingSnapshot(request)
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

function askForOffset(raft: RaftState, request: InstallSnapshot, nextOffset: number): void {
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
