/** A leader's snapshot, as far as it has come (figure 13). */
import type { InstallSnapshot } from './messages.ts'

export class IncomingSnapshot {
  readonly term: number
  readonly index: number
  readonly totalBytes: number
  receivedBytes = 0
  /** As they came, so that memory grows only with what was received. */
  private readonly chunks: Uint8Array[] = []

  constructor({ term, lastIncludedIndex, totalBytes }: InstallSnapshot) {
    this.term = term
    this.index = lastIncludedIndex
    this.totalBytes = totalBytes
  }

  /** Whether the chunk is one of this snapshot, from the leader of the same term. */
  includes({ term, lastIncludedIndex, totalBytes }: InstallSnapshot): boolean {
    return term === this.term && lastIncludedIndex === this.index && totalBytes === this.totalBytes
  }

  add(chunk: Uint8Array): void {
    this.chunks.push(chunk)
    this.receivedBytes += chunk.byteLength
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
