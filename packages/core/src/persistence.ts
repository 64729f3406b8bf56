/**
 * What is on its way to disk: which persist units are out, and what is durable when one comes back.
 *
 * Tokens count up by one, and units become durable in their order, so that the pending ones are a short list.
 */
import type { Entry, Snapshot } from './entry.ts'
import { invariant } from './invariant.ts'
import type { HardState, PersistUnit } from './io.ts'
import type { Log } from './log.ts'

const noEntries: readonly Entry[] = []

export class Persistence {
  lastToken = 0
  durableToken = 0
  /** A term or vote that no unit has been given yet. */
  hardStateChanged = false
  /** A snapshot that no unit has been given yet. */
  snapshot: Snapshot | undefined = undefined
  /** The token whose durability makes the current term and vote durable. */
  hardStateToken = 0
  /** The last index of each pending unit, oldest first: `lastIndexes[i]` belongs to token `durableToken + 1 + i`. */
  private lastIndexes: number[] = []

  get isPending(): boolean {
    return this.lastToken > this.durableToken
  }

  /** Whether term and vote are on disk as they stand: if not, no message may leave (invariant: persist before you speak). */
  get isHardStateDurable(): boolean {
    return !this.hardStateChanged && this.hardStateToken <= this.durableToken
  }

  /** The entries that pending units would make durable from `from` on are gone from the log. */
  forgetFrom(from: number): void {
    for (let i = 0; i < this.lastIndexes.length; i++) {
      if ((this.lastIndexes[i] ?? 0) >= from) this.lastIndexes[i] = from - 1
    }
  }

  /** Everything up to this token is durable; gives the index up to which the log is, or 0 if that is not news. */
  complete(token: number): number {
    invariant(token <= this.lastToken, 'only issued units become durable', token, this.lastToken)
    let durableIndex = 0
    while (this.durableToken < token) {
      const lastIndex = this.lastIndexes.shift() ?? 0
      if (lastIndex > durableIndex) durableIndex = lastIndex
      this.durableToken++
    }
    return durableIndex
  }

  /** Everything that changed and is not in a unit yet, as one atomic unit; undefined if nothing did. */
  takeUnit(log: Log, { currentTerm, votedFor }: HardState): PersistUnit | undefined {
    const fresh = log.lastIndex > log.issuedIndex
    if (!fresh && !this.hardStateChanged && log.pendingTruncation === 0 && this.snapshot === undefined) return undefined
    const token = this.issue(log.lastIndex)
    const unit: PersistUnit = {
      token,
      hardState: this.hardStateChanged ? { currentTerm, votedFor } : undefined,
      snapshot: this.snapshot,
      truncateFrom: log.pendingTruncation,
      entries: fresh ? log.run(log.issuedIndex + 1, log.lastIndex) : noEntries,
    }
    if (this.hardStateChanged) this.hardStateToken = token
    this.hardStateChanged = false
    this.snapshot = undefined
    log.pendingTruncation = 0
    log.issuedIndex = log.lastIndex
    return unit
  }

  private issue(lastIndex: number): number {
    this.lastIndexes.push(lastIndex)
    return ++this.lastToken
  }
}
