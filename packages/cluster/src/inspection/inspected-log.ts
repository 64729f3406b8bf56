/** A node's log as it lies on a disk, looked at entry by entry: one that is damaged hides no other, and what is missing is named. */
import type { Entry } from '@flotilla/core'
import { StorageError } from '../storage.ts'

export interface InspectedEntry {
  readonly index: number
  /** `undefined` where it is damaged. */
  readonly entry: Entry | undefined
  readonly error: StorageError | undefined
}

/** Entries that should be there, and are not. */
export interface Gap {
  readonly from: number
  readonly to: number
}

export interface InspectedLog {
  readonly gaps: readonly Gap[]
  readonly problems: readonly StorageError[]
}

interface LogBounds {
  /** The last entry in the snapshot, 0 without one. `undefined` where nobody can say: then the log may begin anywhere. */
  readonly after: number | undefined
  /** Up to which entry there must be some, as far as anything on the disk says so. */
  readonly upTo: number
}

/** @param read reads one entry, or throws a StorageError */
export function inspectedEntry(
  index: number,
  read: () => Entry,
  storageError: (cause: unknown) => StorageError,
): InspectedEntry {
  try {
    return { index, entry: read(), error: undefined }
  } catch (cause) {
    return { index, entry: undefined, error: storageError(cause) }
  }
}

/** @param entries what there is, by index */
export function inspectLog(entries: readonly InspectedEntry[], { after, upTo }: LogBounds): InspectedLog {
  const gaps = gapsIn(entries, after ?? (entries[0]?.index ?? 1) - 1, upTo)
  const problems = gaps.map(({ from, to }) =>
    corrupt(from === to ? `entry ${from} is missing` : `the entries from ${from} to ${to} are missing`),
  )
  let term = 0
  for (const { index, entry, error } of entries) {
    if (error !== undefined) problems.push(error)
    if (entry === undefined) continue
    if (entry.term < term) problems.push(corrupt(`the term descends from ${term} to ${entry.term} at entry ${index}`))
    term = Math.max(term, entry.term)
  }
  return { gaps, problems }
}

function gapsIn(entries: readonly InspectedEntry[], after: number, upTo: number): Gap[] {
  const gaps: Gap[] = []
  let next = after + 1
  for (const { index } of entries) {
    if (index > next) gaps.push({ from: next, to: index - 1 })
    next = index + 1
  }
  if (next <= upTo) gaps.push({ from: next, to: upTo })
  return gaps
}

const corrupt = (what: string): StorageError => new StorageError('Corrupt', `on disk, ${what}`)
