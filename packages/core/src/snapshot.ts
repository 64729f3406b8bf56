/** Snapshots (§7, figure 13): compaction of the own log, and InstallSnapshot for followers that need what is compacted. */

import { configurationChanged } from './configuration.ts'
import { hearLeader } from './election.ts'
import type { Snapshot } from './entry.ts'
import { invariant } from './invariant.ts'
import type { Outcome } from './io.ts'
import { believedFollower, type Leadership } from './leadership.ts'
import type { InstallSnapshot, InstallSnapshotResult } from './messages.ts'
import type { Progress } from './progress.ts'
import { type Raft, refuse } from './raft.ts'

/** A leader's snapshot, as far as it has come. Its bytes are kept as they came, so that memory grows only with what was received. */
export interface IncomingSnapshot {
  readonly term: number
  readonly index: number
  readonly totalBytes: number
  readonly chunks: Uint8Array[]
  receivedBytes: number
}

// ---- The own log ---------------------------------------------------------------------------------------------------

/** The host's state machine, as of `index`, takes the place of the log up to there. */
export function compact(raft: Raft, index: number, data: Uint8Array): Outcome {
  const { log } = raft
  if (index > raft.lastApplied) return { kind: 'CompactRefused', reason: 'notApplied' }
  if (index <= log.snapshotIndex) return { kind: 'CompactRefused', reason: 'notNewer' }
  const snapshot: Snapshot = { index, term: log.termAt(index), configuration: raft.configurations.at(index), data }
  log.compact(index)
  raft.configurations.onCompact(index)
  keep(raft, snapshot)
  if (raft.tracing) raft.emit({ type: 'snapshot', action: 'taken', index, term: snapshot.term })
  return { kind: 'done' }
}

function keep(raft: Raft, snapshot: Snapshot): void {
  raft.snapshot = snapshot
  raft.persistence.snapshot = snapshot
}

// ---- At the leader -------------------------------------------------------------------------------------------------

/** One chunk at a time, the next when the last is acknowledged; a lost one is sent again after a while (see `heartbeat`). */
export function sendChunk(raft: Raft, leadership: Leadership, progress: Progress): void {
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

export function onInstallSnapshotResult(raft: Raft, result: InstallSnapshotResult): void {
  const progress = believedFollower(raft, result)
  if (progress === undefined) return
  const { snapshot } = progress
  if (snapshot === undefined || snapshot.index !== result.lastIncludedIndex)
    return refuse(raft, result, 'another snapshot')
  if (result.nextOffset > snapshot.data.byteLength) return refuse(raft, result, 'acknowledges what was never sent')
  if (result.nextOffset === progress.snapshotOffset) return
  progress.snapshotOffset = result.nextOffset
  progress.askForChunk()
}

// ---- At the receiver -----------------------------------------------------------------------------------------------

/** InstallSnapshot, at the receiver (figure 13). Chunks come in order; any other is answered by the offset that is wanted. */
export function onInstallSnapshot(raft: Raft, request: InstallSnapshot): void {
  if (request.term < raft.currentTerm) {
    refuse(raft, request, 'stale term')
    // Tells the later term, and nothing else: a round of another term counts for nothing in this one.
    return acknowledgeInstalled(raft, { ...request, round: 0 }, 0)
  }
  hearLeader(raft, request)
  // Everything in it is committed here already: the leader only did not know.
  if (request.lastIncludedIndex <= raft.commitIndex)
    return acknowledgeInstalled(raft, request, request.lastIncludedIndex)

  const incoming = continued(raft, request)
  if (request.offset !== incoming.receivedBytes) return askForOffset(raft, request, incoming.receivedBytes)
  incoming.chunks.push(request.data)
  incoming.receivedBytes += request.data.byteLength
  if (incoming.receivedBytes < incoming.totalBytes) return askForOffset(raft, request, incoming.receivedBytes)

  raft.incoming = undefined
  install(raft, {
    index: request.lastIncludedIndex,
    term: request.lastIncludedTerm,
    configuration: request.configuration,
    data: joined(incoming),
  })
  acknowledgeInstalled(raft, request, request.lastIncludedIndex)
}

/** The transfer that this chunk belongs to: the one under way, or a new one. */
function continued(raft: Raft, request: InstallSnapshot): IncomingSnapshot {
  const { incoming } = raft
  if (
    incoming !== undefined &&
    incoming.term === request.term &&
    incoming.index === request.lastIncludedIndex &&
    incoming.totalBytes === request.totalBytes
  ) {
    return incoming
  }
  raft.incoming = {
    term: request.term,
    index: request.lastIncludedIndex,
    totalBytes: request.totalBytes,
    chunks: [],
    receivedBytes: 0,
  }
  return raft.incoming
}

/** "If existing log entry has same index and term as snapshot's last included entry, retain log entries following it … otherwise discard the entire log" (figure 13). */
function install(raft: Raft, snapshot: Snapshot): void {
  invariant(snapshot.index > raft.commitIndex, 'the commit index only grows', snapshot.index, raft.commitIndex)
  const keptTail = raft.log.install(snapshot)
  if (!keptTail) raft.persistence.forgetFrom(1)
  raft.configurations.onInstall(snapshot.index, snapshot.configuration, keptTail)
  keep(raft, snapshot)
  raft.restore = snapshot
  raft.commitIndex = snapshot.index
  raft.lastApplied = snapshot.index
  if (raft.tracing) raft.emit({ type: 'snapshot', action: 'installed', index: snapshot.index, term: snapshot.term })
  configurationChanged(raft, 'appended')
}

function joined({ chunks, totalBytes }: IncomingSnapshot): Uint8Array {
  const [only] = chunks
  if (chunks.length === 1 && only !== undefined) return only
  const data = new Uint8Array(totalBytes)
  let offset = 0
  for (const chunk of chunks) {
    data.set(chunk, offset)
    offset += chunk.byteLength
  }
  return data
}

function askForOffset(raft: Raft, request: InstallSnapshot, nextOffset: number): void {
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

/** Once it is durable, a snapshot counts as a log that matches up to its index. */
function acknowledgeInstalled(raft: Raft, request: InstallSnapshot, matchIndex: number): void {
  raft.outbox.sendWhenDurable({
    type: 'AppendEntriesResult',
    from: raft.id,
    to: request.from,
    term: raft.currentTerm,
    success: true,
    matchIndex,
    round: request.round,
  })
}
