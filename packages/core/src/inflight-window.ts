import { invariant } from './invariant.ts'

/** The AppendEntries under way to one follower: a ring of (last index, bytes), bounded in number and in bytes. */
export class InflightWindow {
  count = 0
  private bytes = 0
  private head = 0
  private readonly lastIndexes: Float64Array
  private readonly sizes: Float64Array
  private readonly maxBytes: number

  constructor(maxMessages: number, maxBytes: number) {
    this.lastIndexes = new Float64Array(maxMessages)
    this.sizes = new Float64Array(maxMessages)
    this.maxBytes = maxBytes
  }

  get isFull(): boolean {
    return this.count === this.lastIndexes.length || this.bytes >= this.maxBytes
  }

  add(lastIndex: number, bytes: number): void {
    const capacity = this.lastIndexes.length
    invariant(this.count < capacity, 'what is under way to a follower is bounded', this.count)
    let slot = this.head + this.count
    if (slot >= capacity) slot -= capacity
    this.lastIndexes[slot] = lastIndex
    this.sizes[slot] = bytes
    this.count++
    this.bytes += bytes
  }

  /** Everything up to `matchIndex` has arrived. */
  freeUpTo(matchIndex: number): void {
    while (this.count > 0 && (this.lastIndexes[this.head] ?? 0) <= matchIndex) {
      this.bytes -= this.sizes[this.head] ?? 0
      this.head = this.head + 1 === this.lastIndexes.length ? 0 : this.head + 1
      this.count--
    }
  }

  clear(): void {
    this.count = 0
    this.bytes = 0
    this.head = 0
  }
}
