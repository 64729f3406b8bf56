/**
 * One node's disk: what is durable, and the units still being written.
 *
 * A crash keeps some prefix of the units under way, each whole or not at all, as the contract of `PersistUnit` has it. A
 * bad disk refuses units, or is not what was written: somebody put an older copy of it back, or a bit has flipped. What its
 * host can notice of that it asks here; what no host can notice is `isOlder`.
 */
import type { Entry, NodeId, PersistUnit, RecoveredState, Snapshot } from '@flotilla/core'
import { mixText } from '../ground/hash.ts'

/** Why a unit is not written: the device fails, or is full, or belongs to another opening of the database. */
export type DiskRefusal = 'failed' | 'full' | 'fenced'

/** All that one was at some moment. */
export interface DiskImage {
  readonly ownerEpoch: number
  readonly state: RecoveredState
  readonly sums: ReadonlyMap<object, number>
  readonly hardStateSum: number | undefined
}

export class Disk {
  currentTerm = 0
  votedFor: NodeId | undefined = undefined
  snapshot: Snapshot | undefined = undefined
  entries: Entry[] = []
  /** Begun and not yet durable, oldest first. */
  readonly pending: PersistUnit[] = []
  /** Tokens count from 1 in each incarnation. */
  durableToken = 0
  /** How often it was opened. Whoever opened it knows, and each unit is written only if that is still so. */
  ownerEpoch = 0
  /** It takes nothing, and cannot be opened. */
  fails = false
  /** So many entries fit. Term and vote always do: they take the place of the last ones. */
  room = Number.POSITIVE_INFINITY
  /** A copy was put back that lacks something which its node has told others. */
  isOlder = false
  /** Its host takes what is refused for written. No host may do that; a planted bug does. */
  isBelieved = false
  /** Since it was opened. */
  flips = 0
  /** As read, of what has flipped bits and is still there: the checksums that were written with it. */
  private readonly sums = new Map<object, number>()
  private hardStateSum: number | undefined = undefined

  constructor(initial?: RecoveredState) {
    if (initial !== undefined) this.load(initial)
  }

  get firstIndex(): number {
    return (this.snapshot?.index ?? 0) + 1
  }

  get lastIndex(): number {
    return this.firstIndex - 1 + this.entries.length
  }

  /** Whoever drives it from now on, all others are fenced. @returns how often it was opened. */
  open(): number {
    this.ownerEpoch += 1
    this.flips = 0
    return this.ownerEpoch
  }

  begin(unit: PersistUnit): void {
    this.pending.push(unit)
  }

  /** Why the oldest unit under way will not be written, to whoever opened it as `ownerEpoch`; `undefined` if it will. */
  refuses(ownerEpoch: number): DiskRefusal | undefined {
    const unit = this.pending[0]
    if (unit === undefined) return undefined
    if (this.fails) return 'failed'
    if (this.ownerEpoch !== ownerEpoch) return 'fenced'
    const [first] = unit.entries
    if (this.room === Number.POSITIVE_INFINITY || first === undefined) return undefined
    const kept = first.index - (unit.snapshot === undefined ? this.firstIndex : unit.snapshot.index + 1)
    return kept + unit.entries.length > this.room ? 'full' : undefined
  }

  /** The oldest unit under way is not written. */
  drop(): PersistUnit | undefined {
    const unit = this.pending.shift()
    if (unit !== undefined) this.durableToken = unit.token
    return unit
  }

  /** The oldest unit under way becomes durable. */
  flush(): PersistUnit | undefined {
    const unit = this.pending.shift()
    if (unit === undefined) return undefined
    this.durableToken = unit.token
    if (unit.hardState !== undefined) {
      this.currentTerm = unit.hardState.currentTerm
      this.votedFor = unit.hardState.votedFor
      this.hardStateSum = undefined
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
    this.load({ currentTerm: 0, votedFor: undefined, snapshot: undefined, entries: [] })
  }

  image(): DiskImage {
    const { ownerEpoch } = this
    return { ownerEpoch, state: this.recover(), sums: new Map(this.sums), hardStateSum: this.hardStateSum }
  }

  /**
   * What it was becomes what it is. Where term, vote and the log's end are the same, only a compaction is undone, and
   * nothing that anybody was told; anything else is forgotten, whatever Raft made of it meanwhile.
   */
  putBack({ ownerEpoch, state, sums, hardStateSum }: DiskImage): void {
    const { currentTerm, votedFor, lastIndex } = this
    const lastTerm = this.lastTerm
    this.ownerEpoch = ownerEpoch
    this.load(state)
    for (const [record, sum] of sums) this.sums.set(record, sum)
    this.hardStateSum = hardStateSum
    const isSame =
      currentTerm === this.currentTerm &&
      votedFor === this.votedFor &&
      lastIndex === this.lastIndex &&
      lastTerm === this.lastTerm
    if (!isSame) this.isOlder = true
  }

  /**
   * One bit is not what it was: in an entry (record 0 is the first), or in the snapshot, or in the hard state, counted
   * round. What is in memory is another copy, and stays as it was.
   */
  flip(record: number, bit: number): void {
    this.flips += 1
    const which = record % (2 + this.entries.length)
    const { snapshot } = this
    if (which === this.entries.length && snapshot !== undefined && snapshot.data.length > 0) {
      this.snapshot = { ...snapshot, data: flipped(snapshot.data, bit) }
      this.keepSum(snapshot, this.snapshot)
      return
    }
    const entry = this.entries[which]
    if (entry === undefined) {
      this.hardStateSum ??= checksum(this.hardState)
      this.currentTerm ^= 1 << (bit % 4)
      return
    }
    const other: Entry =
      entry.kind === 'command'
        ? { ...entry, data: flipped(entry.data, bit) }
        : { ...entry, term: entry.term ^ (1 << (bit % 4)) }
    this.entries[which] = other
    this.keepSum(entry, other)
  }

  /** Every record is what was written. */
  get isSound(): boolean {
    if (this.hardStateSum !== undefined && this.hardStateSum !== checksum(this.hardState)) return false
    if (this.sums.size === 0) return true
    const isWritten = (record: object): boolean => (this.sums.get(record) ?? checksum(record)) === checksum(record)
    return (this.snapshot === undefined || isWritten(this.snapshot)) && this.entries.every(isWritten)
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

  private load(state: RecoveredState): void {
    this.currentTerm = state.currentTerm
    this.votedFor = state.votedFor
    this.snapshot = state.snapshot
    this.entries = [...state.entries]
    this.sums.clear()
    this.hardStateSum = undefined
  }

  private get hardState(): object {
    return { currentTerm: this.currentTerm, votedFor: this.votedFor }
  }

  private get lastTerm(): number {
    return this.entries.at(-1)?.term ?? this.snapshot?.term ?? 0
  }

  private keepSum(before: object, after: object): void {
    this.sums.set(after, this.sums.get(before) ?? checksum(before))
    this.sums.delete(before)
  }
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const other = bytes.slice()
  const at = (bit >> 3) % Math.max(1, other.length)
  other[at] = (other[at] ?? 0) ^ (1 << (bit & 7))
  return other
}

/** As a host would write it beside each record. Worked out only where a bit flips: of all others nobody would see a difference. */
function checksum(record: object): number {
  const text = JSON.stringify(record, (_, field) => (field instanceof Uint8Array ? [...field] : field))
  return mixText(0, text)
}
