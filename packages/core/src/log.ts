/**
 * The log (§5.3): contiguous entries after a compacted prefix, how much of it is durable, and what the next persist unit
 * must write of it.
 */
import { type Entry, entryBytes, type Snapshot } from './entry.ts'
import { invariant } from './invariant.ts'
import type { RecoveredState } from './io.ts'
import { Pack } from './pack.ts'

/** Contiguous entries, `from` to `to`, both included. */
export interface Run {
  readonly from: number
  readonly to: number
  readonly entries: readonly Entry[]
  /** Of all of them, as `entryBytes` counts. */
  readonly bytes: number
}

/** In each pack; and how many of the latest entries stay as they are, because they are still asked for again and again. */
const PACKED_ENTRIES = 512
const LATEST_ENTRIES = 2048

const noRun: Run = { from: 0, to: -1, entries: [], bytes: 0 }

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
  /** Everything up to here is packed, or let go. Each pack has `PACKED_ENTRIES`; the first may begin before `keptIndex`. */
  private packedIndex = 0
  private packs: Pack[] = []
  /** The latest: `entries[i]` has index `packedIndex + 1 + i`. */
  private entries: Entry[] = []
  /** `ends[i]` is how many bytes the log holds up to and with `entries[i]`, as `entryBytes` counts, and with all before that were compacted. */
  private ends: number[] = []
  private keptEnd = 0
  private lastEnd = 0
  /**
   * The run cut last. One append is asked for again and again (for the disk, for each follower, to be applied), and all
   * can share one array. An empty run stands for none.
   */
  private lastRun: Run = noRun

  constructor(recovered: RecoveredState) {
    if (recovered.snapshot !== undefined) {
      this.snapshotIndex = recovered.snapshot.index
      this.keptIndex = recovered.snapshot.index
      this.packedIndex = recovered.snapshot.index
      this.keptTerm = recovered.snapshot.term
    }
    this.lastIndex = this.keptIndex
    this.lastTerm = this.keptTerm
    for (const entry of recovered.entries) this.append(entry)
    this.durableIndex = this.lastIndex
    this.issuedIndex = this.lastIndex
  }

  append(entry: Entry): void {
    invariant(entry.index === this.lastIndex + 1, 'log entries are contiguous', entry.index, this.lastIndex)
    invariant(entry.term >= this.lastTerm, 'terms never descend along a log', entry.term, this.lastTerm)
    this.entries.push(entry)
    this.lastEnd += entryBytes(entry)
    this.ends.push(this.lastEnd)
    this.lastIndex = entry.index
    this.lastTerm = entry.term
    if (this.entries.length === LATEST_ENTRIES + PACKED_ENTRIES) this.pack()
  }

  /** Whether there is an entry at `index`, or what was let go ends there (index 0 counts as such an end). */
  holds(index: number): boolean {
    return index >= this.keptIndex && index <= this.lastIndex
  }

  termAt(index: number): number {
    if (index === this.lastIndex) return this.lastTerm
    if (index === this.keptIndex) return this.keptTerm
    if (index <= this.packedIndex) return this.packOf(index).termAt(index)
    return this.entryAt(index).term
  }

  entryAt(index: number): Entry {
    if (index <= this.packedIndex) return this.packOf(index).entryAt(index)
    const entry = this.entries[index - this.packedIndex - 1]
    invariant(entry !== undefined, 'an index that is read is in the log', index, this.keptIndex)
    return entry
  }

  /** Of the entries after `index`, up to and with `to`, as `entryBytes` counts. */
  bytesBetween(index: number, to: number): number {
    return this.endOf(to) - this.endOf(index)
  }

  /** Entries `from` to `to`, both included. */
  run(from: number, to: number): Run {
    const { lastRun } = this
    if (lastRun.from === from && lastRun.to === to) return lastRun
    return this.cut(from, to)
  }

  /** These have just been appended, all of them: whoever asks for them next gets this very array. */
  shareRun(entries: readonly Entry[]): void {
    const to = this.lastIndex
    const from = to - entries.length + 1
    this.lastRun = { from, to, entries, bytes: this.bytesBetween(from - 1, to) }
  }

  /** Entries from `from` on, up to both limits; at least one. */
  batch(from: number, maxEntries: number, maxBytes: number): Run {
    const { lastRun } = this
    const last = Math.min(this.lastIndex, from + maxEntries - 1)
    if (lastRun.from === from && lastRun.to === last && lastRun.bytes <= maxBytes) return lastRun
    const most = this.endOf(from - 1) + maxBytes
    let to = from
    while (to < last && this.endOf(to + 1) <= most) to++
    return this.cut(from, to)
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
    this.lastEnd = this.endOf(from - 1)
    while (this.packedIndex >= from) this.unpackLast()
    this.entries.length = from - this.packedIndex - 1
    this.ends.length = this.entries.length
    if (this.lastRun.to >= from) this.lastRun = noRun
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
    const kept = this.packs.findIndex(({ lastIndex }) => lastIndex > index)
    this.packs.splice(0, kept < 0 ? this.packs.length : kept)
    if (index <= this.packedIndex) return
    this.entries.splice(0, index - this.packedIndex)
    this.ends.splice(0, index - this.packedIndex)
    this.packedIndex = index
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
      this.packs = []
      this.packedIndex = snapshot.index
      this.entries = []
      this.ends = []
      this.keptEnd = 0
      this.lastEnd = 0
      this.keptIndex = snapshot.index
      this.keptTerm = snapshot.term
      this.lastRun = noRun
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

  private cut(from: number, to: number): Run {
    const first = from - this.packedIndex - 1
    const entries = first >= 0 ? this.entries.slice(first, to - this.packedIndex) : this.unpacked(from, to)
    this.lastRun = { from, to, entries, bytes: this.bytesBetween(from - 1, to) }
    return this.lastRun
  }

  private endOf(index: number): number {
    if (index === this.lastIndex) return this.lastEnd
    if (index === this.keptIndex) return this.keptEnd
    if (index <= this.packedIndex) return this.packOf(index).endOf(index)
    const end = this.ends[index - this.packedIndex - 1]
    invariant(end !== undefined, 'an index that is read is in the log', index, this.keptIndex)
    return end
  }

  private unpacked(from: number, to: number): readonly Entry[] {
    const entries: Entry[] = []
    for (let index = from; index <= to; index++) entries.push(this.entryAt(index))
    return entries
  }

  private pack(): void {
    this.packs.push(new Pack(this.entries.splice(0, PACKED_ENTRIES), this.ends.splice(0, PACKED_ENTRIES)))
    this.packedIndex += PACKED_ENTRIES
  }

  /** For a truncation that reaches into it: none of what comes after it is left. */
  private unpackLast(): void {
    const { entries, ends } = this.packs.pop()?.unpack() ?? { entries: [], ends: [] }
    invariant(entries.length === PACKED_ENTRIES, 'what is packed is in packs', this.packedIndex)
    this.entries = entries
    this.ends = ends
    this.packedIndex -= PACKED_ENTRIES
  }

  private packOf(index: number): Pack {
    const pack = this.packs[this.packs.length - 1 - Math.floor((this.packedIndex - index) / PACKED_ENTRIES)]
    invariant(
      pack !== undefined && index > this.keptIndex,
      'an index that is read is in the log',
      index,
      this.keptIndex,
    )
    return pack
  }
}
