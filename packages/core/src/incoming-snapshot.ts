/** A leader's snapshot, as far as it has come (figure 13). */
import type { InstallSnapshot } from './messages.ts'
import type { RaftOptions } from './options.ts'

export class IncomingSnapshot {
  readonly totalBytes: number
  /** Every byte before this one is here. */
  receivedBytes = 0
  private readonly term: number
  private readonly index: number
  /** As they came, so that memory grows only with what was received. */
  private readonly chunks: Uint8Array[] = []
  /** By offset, what overtook something. */
  private readonly ahead = new Map<number, Uint8Array>()
  private readonly maxAheadChunks: number
  private readonly maxAheadBytes: number

  constructor({ term, lastIncludedIndex, totalBytes }: InstallSnapshot, options: RaftOptions) {
    this.term = term
    this.index = lastIncludedIndex
    this.totalBytes = totalBytes
    this.maxAheadChunks = options.maxInflightMessages
    this.maxAheadBytes = options.maxInflightBytes
  }

  /** Whether the chunk is one of this snapshot, from the leader of the same term. */
  includes({ term, lastIncludedIndex, totalBytes }: InstallSnapshot): boolean {
    return term === this.term && lastIncludedIndex === this.index && totalBytes === this.totalBytes
  }

  /** What came too early waits for what it overtook, if it is not too much; what is here already changes nothing. */
  add(offset: number, chunk: Uint8Array): void {
    if (offset > this.receivedBytes) {
      const isNear = offset - this.receivedBytes <= this.maxAheadBytes && this.ahead.size < this.maxAheadChunks
      if (isNear) this.ahead.set(offset, chunk)
      return
    }
    if (offset < this.receivedBytes) return
    for (let next: Uint8Array | undefined = chunk; next !== undefined; next = this.ahead.get(this.receivedBytes)) {
      this.ahead.delete(this.receivedBytes)
      this.chunks.push(next)
      this.receivedBytes += next.byteLength
    }
  }

  get isComplete(): boolean {
    return this.receivedBytes >= this.totalBytes
  }

  data(): Uint8Array {
    const [only] = this.chunks
    if (this.chunks.length === 1 && only !== undefined) return only
    const data = new Uint8Array(this.totalBytes)
    let offset = 0
    for (const chunk of this.chunks) {
      data.set(chunk, offset)
      offset += chunk.byteLength
    }
    return data
  }
}
