/**
 * The log (§5.3): contiguous entries after a compacted prefix, how much of it is durable, and what the next persist unit
 * must write of it.
 */
import { CHUNK_BITS, CHUNK_ENTRIES, Chunk } from './chunk.ts'
import type { Entry, Snapshot } from './entry.ts'
import { invariant } from './invariant.ts'
import type { RecoveredState } from './io.ts'

/** The latest entries are still asked for again and again: so many chunks of them stay as they are. */
const UNPACKED_CHUNKS = 4

const noEntries: readonly Entry[] = []

export class Log {
  /** The compacted prefix: everything up to here is in the snapshot. 0 if nothing is. */
  snapshotIndex = 0
  /** Entries after this one are in memory. It is the snapshot's index, or less while followers need what was before that. */
  keptIndex = 0
  private keptTerm = 0
  lastIndex = 0
  lastTerm = 0
  /** Everything up to here is on disk, as it stands in this log. */
  durableIndex = 0
  /** Everything up to here has been handed out in a persist unit. */
  issuedIndex = 0
  /** What the next unit must remove from the disk first; 0 for nothing. */
  pendingTruncation = 0
  /** All that is kept, and of the first one, what was in it before that. At least one, each full but the last. */
  private chunks: [Chunk, ...Chunk[]]
  /** The one that grows. */
  private lastChunk: Chunk
  /** Bytes up to and with the entry at `keptIndex`, as `entryBytes` counts. */
  private keptEnd = 0
  /**
   * The run cut last. One append is asked for again and again (for the disk, for each follower, to be applied), and all
   * can share one array. It is empty for none.
   */
  private lastRun: readonly Entry[] = noEntries
  private lastRunFrom = 0

  constructor(recovered: RecoveredState) {
    if (recovered.snapshot !== undefined) {
      this.snapshotIndex = recovered.snapshot.index
      this.keptIndex = recovered.snapshot.index
      this.keptTerm = recovered.snapshot.term
    }
    this.lastIndex = this.keptIndex
    this.lastTerm = this.keptTerm
    this.lastChunk = new Chunk(this.keptIndex + 1, 0)
    this.chunks = [this.lastChunk]
    for (const entry of recovered.entries) this.append(entry)
    this.durableIndex = this.lastIndex
    this.issuedIndex = this.lastIndex
  }

  append(entry: Entry): void {
    invariant(entry.index === this.lastIndex + 1, 'log entries are contiguous', entry.index, this.lastIndex)
    invariant(entry.term >= this.lastTerm, 'terms never descend along a log', entry.term, this.lastTerm)
    if (this.lastChunk.isFull) this.beginChunk()
    this.lastChunk.append(entry)
    this.lastIndex = entry.index
    this.lastTerm = entry.term
  }

  /** Whether there is an entry at `index`, or what was let go ends there (index 0 counts as such an end). */
  holds(index: number): boolean {
    return index >= this.keptIndex && index <= this.lastIndex
  }

  termAt(index: number): number {
    if (index === this.lastIndex) return this.lastTerm
    if (index === this.keptIndex) return this.keptTerm
    return this.chunkOf(index).termAt(index)
  }

  entryAt(index: number): Entry {
    return this.chunkOf(index).entryAt(index)
  }

  /** Of the entries after `index`, up to and with `to`, as `entryBytes` counts. */
  bytesBetween(index: number, to: number): number {
    return this.endOf(to) - this.endOf(index)
  }

  /** Entries `from` to `to`, both included. */
  run(from: number, to: number): readonly Entry[] {
    if (this.lastRunFrom === from && this.lastRun.length === to - from + 1) return this.lastRun
    return this.shareRun(this.slice(from, to))
  }

  /** Whoever asks next for just these entries gets this very array. */
  shareRun(entries: readonly Entry[]): readonly Entry[] {
    this.lastRunFrom = entries[0]?.index ?? 0
    this.lastRun = entries
    return entries
  }

  /** Entries from `from` on, up to both limits; at least one. */
  batch(from: number, maxEntries: number, maxBytes: number): readonly Entry[] {
    const last = Math.min(this.lastIndex, from + maxEntries - 1)
    const most = this.endOf(from - 1) + maxBytes
    if (this.endOf(last) <= most) return this.run(from, last)
    let to = from
    while (to < last && this.endOf(to + 1) <= most) to++
    return this.run(from, to)
  }

  /** "More up-to-date" (§5.4.1): a later last term wins; in the same term the longer log. Equal is up to date. */
  isUpToDate(candidateLastIndex: number, candidateLastTerm: number): boolean {
    if (candidateLastTerm !== this.lastTerm) return candidateLastTerm > this.lastTerm
    return candidateLastIndex >= this.lastIndex
  }

  /**
   * The greatest index ≤ `index` whose term is ≤ `term`: where a log with `term` there could still agree with ours.
   * Both ends of a rejected AppendEntries skip whole terms with it (§5.3, "one AppendEntries per conflicting term").
   */
  lastWithTermAtMost(index: number, term: number): number {
    let i = Math.min(index, this.lastIndex)
    while (i > this.keptIndex && this.termAt(i) > term) i--
    return i
  }

  /** Removes the entries from `from` on, which conflict with the leader's (§5.3). */
  truncate(from: number): void {
    invariant(from > this.snapshotIndex && from <= this.lastIndex, 'a truncation lies in the log', from, this.lastIndex)
    const lastTerm = this.termAt(from - 1)
    const [first, ...others] = this.chunks
    this.chunks = [first, ...others.filter(({ firstIndex }) => firstIndex < from)]
    this.lastChunk = this.chunks.at(-1) ?? first
    this.lastChunk.truncate(from)
    this.lastRun = noEntries
    this.lastIndex = from - 1
    this.lastTerm = lastTerm
    if (from <= this.issuedIndex) {
      this.pendingTruncation = this.pendingTruncation === 0 ? from : Math.min(this.pendingTruncation, from)
      this.issuedIndex = from - 1
    }
    if (this.durableIndex >= from) this.durableIndex = from - 1
  }

  /** A snapshot of ours now covers the entries up to `index` (§7): nobody needs them but followers that are behind. */
  compact(index: number): void {
    invariant(index > this.snapshotIndex && index <= this.durableIndex, 'only durable entries are compacted', index)
    this.snapshotIndex = index
  }

  /** Forgets the entries up to `index`, which the snapshot covers. */
  release(index: number): void {
    invariant(index <= this.snapshotIndex, 'what is let go is in the snapshot', index, this.snapshotIndex)
    if (index <= this.keptIndex) return
    this.keptTerm = this.termAt(index)
    this.keptEnd = this.endOf(index)
    this.keptIndex = index
    const gone = (index + 1 - this.chunks[0].firstIndex) >> CHUNK_BITS
    this.chunks.splice(0, Math.min(gone, this.chunks.length - 1))
    this.chunks[0].release(index)
  }

  /**
   * Starts over from a leader's snapshot (§7, figure 13, steps 6–7). Entries after it are kept if the entry it ends with
   * is in our log; otherwise the whole log goes. Says whether the tail was kept.
   */
  install(snapshot: Snapshot): boolean {
    const keepTail = this.holds(snapshot.index) && this.termAt(snapshot.index) === snapshot.term
    if (!keepTail) {
      if (this.issuedIndex > snapshot.index) {
        const from = snapshot.index + 1
        this.pendingTruncation = this.pendingTruncation === 0 ? from : Math.min(this.pendingTruncation, from)
      }
      this.lastChunk = new Chunk(snapshot.index + 1, 0)
      this.chunks = [this.lastChunk]
      this.keptEnd = 0
      this.keptIndex = snapshot.index
      this.keptTerm = snapshot.term
      this.lastRun = noEntries
      this.lastIndex = snapshot.index
      this.lastTerm = snapshot.term
      // Its own snapshot may be on the way to the disk still.
      this.durableIndex = Math.min(this.durableIndex, this.snapshotIndex)
    }
    this.snapshotIndex = snapshot.index
    this.release(snapshot.index)
    this.issuedIndex = keepTail ? Math.max(this.issuedIndex, snapshot.index) : snapshot.index
    return keepTail
  }

  private slice(from: number, to: number): readonly Entry[] {
    if (from === to) return [this.entryAt(from)]
    const chunk = this.chunkOf(from)
    const entries = chunk.slice(from, to)
    return chunk.firstIndex + CHUNK_ENTRIES > to
      ? entries
      : entries.concat(this.slice(chunk.firstIndex + CHUNK_ENTRIES, to))
  }

  private endOf(index: number): number {
    if (index === this.lastIndex) return this.lastChunk.end
    if (index === this.keptIndex) return this.keptEnd
    return this.chunkOf(index).endOf(index)
  }

  private beginChunk(): void {
    this.lastChunk = new Chunk(this.lastChunk.firstIndex + CHUNK_ENTRIES, this.lastChunk.end)
    this.chunks.push(this.lastChunk)
    this.chunks.at(-UNPACKED_CHUNKS - 1)?.pack()
  }

  private chunkOf(index: number): Chunk {
    // Nearly everything that is asked for has come lately.
    const { lastChunk } = this
    if (index >= lastChunk.firstIndex) return lastChunk
    const chunk = this.chunks[(index - this.chunks[0].firstIndex) >> CHUNK_BITS]
    invariant(
      chunk !== undefined && index > this.keptIndex,
      'an index that is read is in the log',
      index,
      this.keptIndex,
    )
    return chunk
  }
}
