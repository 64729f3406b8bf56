/**
 * A snapshot on its way to one follower (§7, figure 13), in chunks. The first waits for its answer, because the follower may
 * be gone; after that they are sent ahead of their answers, within a window, so that a long way costs no more than a short
 * one. Only what was lost is sent again.
 */
import type { Snapshot } from './entry.ts'
import type { RaftOptions } from './options.ts'

export interface Chunk {
  readonly offset: number
  readonly data: Uint8Array
}

/** How often the usual patience is had with a link that is that slow. */
const MOST_PATIENCE = 16

export class OutgoingSnapshot {
  readonly snapshot: Snapshot
  /** When the chunk that is waited for was last asked for: when none was answered since, it may be sent again. */
  askedAt: number
  /** The follower has every byte before this one. */
  private ackedBytes = 0
  /** Every byte before this one was sent. */
  private sentBytes = 0
  /** The chunk at `ackedBytes` is to be sent, whatever is under way: it is the first, or it was lost. */
  private isWanted = true
  /** Chunks go ahead of their answers. */
  private isOpen = false
  /** Where a gap has been filled already: more answers that tell of it were sent before that. */
  private filledAt = -1
  /** In which round the chunk was sent whose answer moved `ackedBytes`. */
  private ackedRound = 0
  private movedAt: number
  /** How long the last step forward took. */
  private stepMs = 0
  private readonly chunkBytes: number
  private readonly windowBytes: number

  constructor(snapshot: Snapshot, options: RaftOptions, now: number) {
    this.snapshot = snapshot
    this.chunkBytes = options.snapshotChunkBytes
    this.windowBytes = Math.min(options.maxInflightBytes, options.maxInflightMessages * options.snapshotChunkBytes)
    this.askedAt = now
    this.movedAt = now
  }

  /** The chunk to be sent now, if any is. Behind the last one it is empty: is the snapshot there? */
  nextChunk(now: number): Chunk | undefined {
    const { data } = this.snapshot
    const hasRoom = this.sentBytes < data.byteLength && this.sentBytes - this.ackedBytes < this.windowBytes
    if (!this.isWanted && !(this.isOpen && hasRoom)) return undefined
    const offset = this.isWanted ? this.ackedBytes : this.sentBytes
    if (this.isWanted) this.askedAt = now
    this.isWanted = false
    const chunk = data.subarray(offset, offset + this.chunkBytes)
    this.sentBytes = Math.max(this.sentBytes, offset + chunk.byteLength)
    return { offset, data: chunk }
  }

  /** The follower wants the byte at `nextOffset` next; `round` is that of the chunk which it answers. */
  onAnswer(nextOffset: number, round: number, now: number): void {
    this.isOpen = true
    if (nextOffset > this.ackedBytes) {
      this.stepMs = now - this.movedAt
      this.movedAt = now
      this.ackedBytes = nextOffset
      this.ackedRound = round
      this.sentBytes = Math.max(this.sentBytes, nextOffset)
    } else if (nextOffset < this.ackedBytes) {
      // An answer that was overtaken; or the follower began again, and has lost what it had.
      if (round <= this.ackedRound) return
      this.ackedRound = round
      this.goBack(nextOffset)
    } else if (this.ackedBytes < this.sentBytes && this.filledAt !== this.ackedBytes) {
      this.filledAt = this.ackedBytes
      this.isWanted = true
    }
  }

  /** Whether nothing has moved for so long that what is under way was lost. A slow link is given the time that it takes. */
  isOverdue(now: number, patienceMs: number): boolean {
    const patience = Math.min(Math.max(patienceMs, 2 * this.stepMs), MOST_PATIENCE * patienceMs)
    return now - Math.max(this.movedAt, this.askedAt) >= patience
  }

  /** What is under way was lost. Beginning with one chunk again: the follower may be gone. */
  askAgain(): void {
    this.isOpen = false
    this.goBack(this.ackedBytes)
  }

  private goBack(offset: number): void {
    this.ackedBytes = offset
    this.sentBytes = offset
    this.filledAt = -1
    this.isWanted = true
  }
}
