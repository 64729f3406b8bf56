/**
 * Group commit: what comes while the disk is busy is written together, as one unit. A strict write costs about the same
 * for one entry as for a hundred, so a node that is asked faster than its disk can answer must not write one by one.
 *
 * What waits for the first of two merged units leaves when both are durable. To everyone else that is an execution in
 * which they became durable one after the other, and the first one's messages were slow.
 */
import type { PersistUnit } from '@flotilla/core'

/** Enough that the disk never waits for us, and few enough that something gathers while it works. */
const MAX_WRITES_UNDER_WAY = 2

export class GroupCommit {
  private readonly write: (unit: PersistUnit) => Promise<void>
  private readonly onDurable: (token: number) => void
  private readonly onFailed: (error: unknown) => void
  private underWay = 0
  private waiting: PersistUnit | undefined = undefined

  /** `onDurable` is told the last token of what was written; all earlier ones are durable with it. */
  constructor(
    write: (unit: PersistUnit) => Promise<void>,
    onDurable: (token: number) => void,
    onFailed: (error: unknown) => void,
  ) {
    this.write = write
    this.onDurable = onDurable
    this.onFailed = onFailed
  }

  push(unit: PersistUnit): void {
    if (this.underWay < MAX_WRITES_UNDER_WAY) this.begin(unit)
    else this.waiting = this.waiting === undefined ? unit : mergeUnits(this.waiting, unit)
  }

  /** What waits is lost. */
  clear(): void {
    this.waiting = undefined
  }

  private begin(unit: PersistUnit): void {
    this.underWay++
    this.write(unit).then(
      () => this.ended(unit.token),
      error => this.onFailed(error),
    )
  }

  private ended(token: number): void {
    this.underWay--
    const { waiting } = this
    this.waiting = undefined
    if (waiting !== undefined) this.begin(waiting)
    this.onDurable(token)
  }
}

/** One unit that leaves the disk as `first` and then `second` would. */
export function mergeUnits(first: PersistUnit, second: PersistUnit): PersistUnit {
  const snapshotIndex = second.snapshot?.index ?? 0
  const truncateFrom = second.truncateFrom > 0 ? second.truncateFrom : Number.POSITIVE_INFINITY
  const kept = first.entries.filter(({ index }) => index > snapshotIndex && index < truncateFrom)
  return {
    token: second.token,
    hardState: second.hardState ?? first.hardState,
    snapshot: second.snapshot ?? first.snapshot,
    truncateFrom: first.truncateFrom > 0 ? Math.min(first.truncateFrom, truncateFrom) : second.truncateFrom,
    entries: [...kept, ...second.entries],
  }
}
