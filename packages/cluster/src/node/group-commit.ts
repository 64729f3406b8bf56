/**
 * Group commit: what comes while the disk is busy is written together, as one unit. A strict write costs about the same
 * for one entry as for a hundred, so a node that is asked faster than its disk can answer must not write one by one.
 *
 * What waits for the first of two merged units leaves when both are durable. To everyone else that is an execution in
 * which they became durable one after the other, and the first one's messages were slow.
 */
import type { Entry, PersistUnit } from '@flotilla/core'

/** Enough that the disk never waits for us, and few enough that something gathers while it works. */
const MAX_WRITES_UNDER_WAY = 2

export class GroupCommit {
  readonly #write: (unit: PersistUnit) => Promise<void>
  readonly #onDurable: (token: number) => void
  readonly #onFailed: (error: unknown) => void
  #underWay = 0
  #waiting: PersistUnit[] = []

  /** `onDurable` is told the last token of what was written; all earlier ones are durable with it. */
  constructor(
    write: (unit: PersistUnit) => Promise<void>,
    onDurable: (token: number) => void,
    onFailed: (error: unknown) => void,
  ) {
    this.#write = write
    this.#onDurable = onDurable
    this.#onFailed = onFailed
  }

  push(unit: PersistUnit): void {
    if (this.#underWay < MAX_WRITES_UNDER_WAY) this.#begin(unit)
    else this.#waiting.push(unit)
  }

  /** What waits is lost. */
  clear(): void {
    this.#waiting = []
  }

  #begin(unit: PersistUnit): void {
    this.#underWay++
    this.#write(unit).then(
      () => this.#ended(unit.token),
      error => this.#onFailed(error),
    )
  }

  #ended(token: number): void {
    this.#underWay--
    const [first, ...rest] = this.#waiting
    this.#waiting = []
    if (first !== undefined) this.#begin(mergeUnits(first, rest))
    this.#onDurable(token)
  }
}

/** One unit that leaves the disk as `first` and then each of `rest` would. Each entry is looked at once, however many units there are. */
export function mergeUnits(first: PersistUnit, rest: readonly PersistUnit[]): PersistUnit {
  if (rest.length === 0) return first
  let { token, hardState, snapshot, truncateFrom } = first
  const entries: Entry[] = [...first.entries]
  for (const unit of rest) {
    token = unit.token
    hardState = unit.hardState ?? hardState
    snapshot = unit.snapshot ?? snapshot
    if (unit.truncateFrom > 0) {
      truncateFrom = truncateFrom > 0 ? Math.min(truncateFrom, unit.truncateFrom) : unit.truncateFrom
      while ((entries.at(-1)?.index ?? 0) >= unit.truncateFrom) entries.pop()
    }
    for (const entry of unit.entries) entries.push(entry)
  }
  const compacted = snapshot?.index ?? 0
  const kept = entries.findIndex(({ index }) => index > compacted)
  return { token, hardState, snapshot, truncateFrom, entries: kept < 0 ? [] : entries.slice(kept) }
}
