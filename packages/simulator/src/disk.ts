/**
 * One node's disk: what is durable, and the units still being written.
 *
 * A crash keeps some prefix of the units under way, each whole or not at all, as the contract of `PersistUnit` has it.
 */
import type { Entry, NodeId, PersistUnit, RecoveredState, Snapshot } from '@flotilla/core'

export class Disk {
  currentTerm = 0
  votedFor: NodeId | undefined = undefined
  snapshot: Snapshot | undefined = undefined
  entries: Entry[] = []
  /** Begun and not yet durable, oldest first. */
  readonly pending: PersistUnit[] = []
  /** Tokens count from 1 in each incarnation. */
  durableToken = 0

  constructor(initial?: RecoveredState) {
    if (initial === undefined) return
    this.currentTerm = initial.currentTerm
    this.votedFor = initial.votedFor
    this.snapshot = initial.snapshot
    this.entries = [...initial.entries]
  }

  get firstIndex(): number {
    return (this.snapshot?.index ?? 0) + 1
  }

  get lastIndex(): number {
    return this.firstIndex - 1 + this.entries.length
  }

  begin(unit: PersistUnit): void {
    this.pending.push(unit)
  }

  /** The oldest unit under way becomes durable. */
  flush(): PersistUnit | undefined {
    const unit = this.pending.shift()
    if (unit === undefined) return undefined
    this.durableToken = unit.token
    if (unit.hardState !== undefined) {
      this.currentTerm = unit.hardState.currentTerm
      this.votedFor = unit.hardState.votedFor
    }
    if (unit.snapshot !== undefined) {
      this.entries.splice(0, unit.snapshot.index - this.firstIndex + 1)
      this.snapshot = unit.snapshot
    }
    if (unit.truncateFrom > 0) {
      this.entries.length = Math.min(this.entries.length, Math.max(0, unit.truncateFrom - this.firstIndex))
    }
    for (const entry of unit.entries) {
      // A unit that does not follow what is there is reported by the checker; the disk keeps what it can index.
      this.entries.length = Math.min(this.entries.length, Math.max(0, entry.index - this.firstIndex))
      this.entries.push(entry)
    }
    return unit
  }

  /** Power is gone: what was still under way is lost. */
  losePending(): void {
    this.pending.length = 0
    this.durableToken = 0
  }

  wipe(): void {
    this.losePending()
    this.snapshot = undefined
    this.entries = []
    this.currentTerm = 0
    this.votedFor = undefined
  }

  /** What a restarted node finds. */
  recover(): RecoveredState {
    return {
      currentTerm: this.currentTerm,
      votedFor: this.votedFor,
      snapshot: this.snapshot,
      entries: [...this.entries],
    }
  }
}
