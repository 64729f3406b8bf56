/** What a leader knows of one follower, and how it sends to it (§5.3; pipelining: dissertation §10.2.1). */
import type { Snapshot } from './entry.ts'
import { InflightWindow } from './inflight-window.ts'
import { invariant } from './invariant.ts'
import type { NodeId } from './membership.ts'
import type { RaftOptions } from './options.ts'

/**
 * - `probe`: where the logs agree is not known yet; one AppendEntries at a time.
 * - `replicate`: it is known; AppendEntries are sent ahead of the answers, within the inflight window.
 * - `snapshot`: the follower needs entries that are compacted; a snapshot is under way.
 */
export type ProgressState = 'probe' | 'replicate' | 'snapshot'

export class Progress {
  readonly id: NodeId
  /** The log is known to be replicated there, durably, up to here. Never falls. */
  matchIndex = 0
  /** The next entry to send. Always > matchIndex. */
  nextIndex: number
  state: ProgressState = 'probe'
  /** While probing: a probe is out, wait for its answer (or the next heartbeat). */
  probeSent = false
  readonly inflight: InflightWindow
  /** When the oldest AppendEntries under way was sent, or the window last moved. */
  inflightSince = 0
  /** The greatest commit index that this follower has been sent and could take over. */
  sentCommit = 0
  /** Answers to rounds before this one are from before the follower was (re-)added: not believed. */
  readonly firstRound: number
  /** The greatest round answered: it heard this leader after that round began. */
  ackedRound = 0
  lastHeardAt: number | undefined
  awaitedSince = Number.NEGATIVE_INFINITY
  /** While sending a snapshot: which one, the first byte not yet acknowledged, and when that was last sent. */
  snapshot: Snapshot | undefined = undefined
  snapshotOffset = 0
  chunkSentAt = Number.NEGATIVE_INFINITY

  constructor(id: NodeId, nextIndex: number, firstRound: number, options: RaftOptions) {
    this.id = id
    this.nextIndex = nextIndex
    this.firstRound = firstRound
    this.inflight = new InflightWindow(options.maxInflightMessages, options.maxInflightBytes)
  }

  becomeProbe(nextIndex: number): void {
    this.state = 'probe'
    this.nextIndex = Math.max(nextIndex, this.matchIndex + 1)
    this.probeSent = false
    this.inflight.clear()
  }

  becomeReplicate(): void {
    this.state = 'replicate'
    this.nextIndex = this.matchIndex + 1
    this.snapshot = undefined
    this.inflight.clear()
  }

  becomeSnapshot(snapshot: Snapshot | undefined): void {
    invariant(snapshot !== undefined, 'what is compacted is in a snapshot')
    this.state = 'snapshot'
    this.snapshot = snapshot
    this.snapshotOffset = 0
    this.inflight.clear()
    this.askForChunk()
  }

  /** The chunk at `snapshotOffset` goes out with the next drain. */
  askForChunk(): void {
    this.chunkSentAt = Number.NEGATIVE_INFINITY
  }
}
