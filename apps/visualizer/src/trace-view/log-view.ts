/**
 * One node's log as far as its trace has told: an immutable list in blocks, because an append to a log of thousands of
 * entries must not copy thousands of entries. Its beginning may be missing: a snapshot replaced it, or we came late.
 */
import type { EntrySummary } from '@flotilla/core'

const BLOCK = 256

type Block = readonly (EntrySummary | undefined)[]

export interface LogView {
  /** Block n holds the indexes from n × 256 on. */
  readonly blocks: ReadonlyMap<number, Block>
  /** The first index that is known; lastIndex + 1 when none is. */
  readonly firstIndex: number
  readonly lastIndex: number
  /** A snapshot holds everything up to here. */
  readonly snapshotIndex: number
  readonly snapshotTerm: number
  /** What would survive a crash now. */
  readonly durableIndex: number
  /** The last unit whose write began. */
  readonly persistingToken: number
  /** Units up to this token began before the last truncation: their writes prove nothing from `truncatedAt` on. */
  readonly truncatedToken: number
  readonly truncatedAt: number
}

export const emptyLog: LogView = {
  blocks: new Map(),
  firstIndex: 1,
  lastIndex: 0,
  snapshotIndex: 0,
  snapshotTerm: 0,
  durableIndex: 0,
  persistingToken: 0,
  truncatedToken: 0,
  truncatedAt: 0,
}

/** The log of a node that just started: what its disk holds, all of it durable. */
export function logFromDisk(snapshotIndex: number, snapshotTerm: number, entries: readonly EntrySummary[]): LogView {
  const base = { ...emptyLog, snapshotIndex, snapshotTerm, firstIndex: snapshotIndex + 1, lastIndex: snapshotIndex }
  const log = appendEntries(base, entries)
  return { ...log, durableIndex: log.lastIndex }
}

export function entryAt(log: LogView, index: number): EntrySummary | undefined {
  if (index < log.firstIndex || index > log.lastIndex) return undefined
  return log.blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK]
}

/** The term at `index`, also where the snapshot ends; 0 where it is not known. */
export function termAt(log: LogView, index: number): number {
  if (index === log.snapshotIndex) return log.snapshotTerm
  return entryAt(log, index)?.term ?? 0
}

/** Puts entries at their indexes, replacing what was there. A gap before them means that we missed something. */
export function appendEntries(log: LogView, entries: readonly EntrySummary[]): LogView {
  const first = entries[0]
  const last = entries.at(-1)
  if (first === undefined || last === undefined) return log
  const kept = first.index <= log.lastIndex ? truncateLog(log, first.index) : log
  const missed = first.index > kept.lastIndex + 1 || kept.lastIndex < kept.firstIndex
  const blocks = new Map(missed ? undefined : kept.blocks)
  for (let at = 0; at < entries.length; ) {
    const number = Math.floor((entries[at]?.index ?? 0) / BLOCK)
    const block = [...(blocks.get(number) ?? [])]
    for (let entry = entries[at]; entry && Math.floor(entry.index / BLOCK) === number; entry = entries[++at]) {
      block[entry.index % BLOCK] = entry
    }
    blocks.set(number, block)
  }
  return { ...kept, blocks, firstIndex: missed ? first.index : kept.firstIndex, lastIndex: last.index }
}

/** Removes the entries from `from` on. */
export function truncateLog(log: LogView, from: number): LogView {
  if (from > log.lastIndex) return log
  const blocks = new Map(log.blocks)
  const boundary = Math.floor(from / BLOCK)
  for (const number of log.blocks.keys()) if (number > boundary) blocks.delete(number)
  const block = blocks.get(boundary)
  if (block) blocks.set(boundary, block.slice(0, from % BLOCK))
  return {
    ...log,
    blocks,
    firstIndex: Math.min(log.firstIndex, from),
    lastIndex: from - 1,
    durableIndex: Math.min(log.durableIndex, from - 1),
    truncatedToken: log.persistingToken,
    truncatedAt: from,
  }
}

export function beginPersist(log: LogView, token: number): LogView {
  return { ...log, persistingToken: token }
}

export function becomeDurable(log: LogView, token: number, lastIndex: number): LogView {
  const proven = token <= log.truncatedToken ? Math.min(lastIndex, log.truncatedAt - 1) : lastIndex
  const durableIndex = Math.max(log.durableIndex, Math.min(proven, log.lastIndex))
  return durableIndex === log.durableIndex ? log : { ...log, durableIndex }
}

/** A crash: what was not durable is gone. */
export function loseMemory(log: LogView): LogView {
  return truncateLog(log, log.durableIndex + 1)
}

/** A snapshot at `index` was taken: the entries up to it are gone. One installed from the leader may reach past the log. */
export function compactLog(log: LogView, index: number, term: number, installed: boolean): LogView {
  const behind = index >= log.lastIndex || (installed && termAt(log, index) !== term)
  if (behind) return { ...logFromDisk(index, term, []), persistingToken: log.persistingToken }
  const blocks = new Map(log.blocks)
  for (const number of log.blocks.keys()) if ((number + 1) * BLOCK <= index + 1) blocks.delete(number)
  return { ...log, blocks, snapshotIndex: index, snapshotTerm: term, firstIndex: Math.max(log.firstIndex, index + 1) }
}

/** Known entries of [from, to], in order. */
export function entriesBetween(log: LogView, from: number, to: number): readonly EntrySummary[] {
  const entries: EntrySummary[] = []
  for (let index = Math.max(from, log.firstIndex); index <= Math.min(to, log.lastIndex); index++) {
    const entry = entryAt(log, index)
    if (entry) entries.push(entry)
  }
  return entries
}
