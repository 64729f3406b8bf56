/**
 * So many entries of the log in succession: as they are while they are asked for again and again, packed when they are not.
 * A million entries as objects are millions of things that the garbage collector visits again and again; packed they are a
 * few thousand.
 */
import { type Entry, entryBytes } from './entry.ts'
import { invariant } from './invariant.ts'
import { Pack } from './pack.ts'

/** In each chunk but the last. A power of two: an entry's chunk is found by a shift. */
export const CHUNK_BITS = 10
export const CHUNK_ENTRIES = 1 << CHUNK_BITS

/** Entries this large are few objects for what they hold, and a pack can let go of nothing but all. */
const MAX_PACK_BYTES = 2 * 1024 * 1024

const nothing: Entry[] = []
/** In the place of an entry that was let go of or removed. */
const gone: Entry = { index: 0, term: 0, kind: 'noop', data: null }

export class Chunk {
  readonly firstIndex: number
  private count = 0
  /** Of the whole log before it, as `entryBytes` counts. */
  private readonly bytesBefore: number
  private bytes = 0
  /** Of this chunk alone, up to and with each entry. */
  private ends: number[] | Uint32Array = new Array<number>(CHUNK_ENTRIES)
  /** As long as it will ever be: growing it little by little takes twice as long as everything else here. */
  private entries = new Array<Entry>(CHUNK_ENTRIES)
  private packed: Pack | undefined = undefined

  constructor(firstIndex: number, bytesBefore: number) {
    this.firstIndex = firstIndex
    this.bytesBefore = bytesBefore
  }

  get isFull(): boolean {
    return this.count === CHUNK_ENTRIES
  }

  /** Bytes of the log up to and with what is here, as `entryBytes` counts. */
  get end(): number {
    return this.bytesBefore + this.bytes
  }

  append(entry: Entry): void {
    this.bytes += entryBytes(entry)
    this.ends[this.count] = this.bytes
    this.entries[this.count++] = entry
  }

  entryAt(index: number): Entry {
    const i = index - this.firstIndex
    if (this.packed !== undefined) return this.packed.entryAt(i)
    const entry = this.entries[i]
    invariant(entry !== undefined && entry !== gone, 'an index that is read is in the log', index, this.firstIndex)
    return entry
  }

  termAt(index: number): number {
    return this.packed === undefined ? this.entryAt(index).term : this.packed.termAt(index - this.firstIndex)
  }

  /** Bytes of the log up to and with the entry at `index`, or with the one before the first. */
  endOf(index: number): number {
    return index < this.firstIndex ? this.bytesBefore : this.bytesBefore + (this.ends[index - this.firstIndex] ?? 0)
  }

  /** The entries `from` to `to`, both included, as far as they are here. */
  slice(from: number, to: number): Entry[] {
    const first = from - this.firstIndex
    const end = Math.min(to - this.firstIndex + 1, this.count)
    if (this.packed === undefined) return this.entries.slice(first, end)
    const entries: Entry[] = []
    for (let i = first; i < end; i++) entries.push(this.packed.entryAt(i))
    return entries
  }

  /** Removes the entries from `from` on. */
  truncate(from: number): void {
    if (this.packed !== undefined) this.unpack()
    this.count = from - this.firstIndex
    this.entries.fill(gone, this.count)
    this.bytes = this.endOf(from - 1) - this.bytesBefore
  }

  /** Nobody will ask for the entries up to `index` again. */
  release(index: number): void {
    if (this.packed === undefined) this.entries.fill(gone, 0, index - this.firstIndex + 1)
  }

  pack(): void {
    if (this.packed !== undefined || this.bytes > MAX_PACK_BYTES) return
    const ends = new Uint32Array(this.ends)
    this.packed = new Pack(this.firstIndex, this.entries, ends)
    this.entries = nothing
    this.ends = ends
  }

  private unpack(): void {
    const entries = this.slice(this.firstIndex, this.firstIndex + this.count - 1)
    this.entries = entries
    this.ends = Array.from(this.ends)
    this.packed = undefined
  }
}
