/**
 * What a log amounts to, from index 1 on, whatever of it is compacted: the state machine of an exploration is nothing but the
 * list of what was applied, and a snapshot holds it. So a snapshot that is of something else shows.
 */
import type { Entry, PersistUnit, RecoveredState, Snapshot } from '@flotilla/core'
import { extendHash } from '../invariants/shadow-log.ts'

export interface LogView {
  /** Of each entry from index 1 on: its term, and the hash of everything up to it. */
  readonly terms: readonly number[]
  readonly chain: readonly number[]
}

export function viewOf({ snapshot, entries }: Pick<RecoveredState, 'snapshot' | 'entries'>): LogView {
  const base = snapshot === undefined ? { terms: [], chain: [] } : readState(snapshot)
  const terms = [...base.terms]
  const chain = [...base.chain]
  for (const entry of entries) {
    terms.push(entry.term)
    chain.push(extendHash(chain.at(-1) ?? 0, entry))
  }
  return { terms, chain }
}

/** The state after `index`, as bytes. */
export function stateAt({ terms, chain }: LogView, index: number): Uint8Array {
  const numbers = new Int32Array(2 * index)
  for (let i = 0; i < index; i++) {
    numbers[2 * i] = terms[i] ?? 0
    numbers[2 * i + 1] = chain[i] ?? 0
  }
  return new Uint8Array(numbers.buffer)
}

/** @throws RangeError if this is not the state after the snapshot's index. */
function readState({ index, data }: Snapshot): LogView {
  if (data.byteLength !== 8 * index) throw new RangeError(`a snapshot at ${index} of ${data.byteLength} bytes`)
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const at = (i: number): number => view.getInt32(4 * i, isLittleEndian)
  const places = Array.from({ length: index }, (_, i) => i)
  return { terms: places.map(i => at(2 * i)), chain: places.map(i => at(2 * i + 1)) }
}

const isLittleEndian = new Uint8Array(new Int32Array([1]).buffer)[0] === 1

/** What a disk holds when this unit is written to it too. */
export function written(disk: RecoveredState, unit: PersistUnit): RecoveredState {
  const { hardState, snapshot = disk.snapshot, truncateFrom } = unit
  const base = snapshot?.index ?? 0
  let entries: readonly Entry[] = disk.entries
  if (truncateFrom > 0) entries = entries.filter(({ index }) => index < truncateFrom)
  if (unit.snapshot !== undefined) entries = entries.filter(({ index }) => index > base)
  return {
    currentTerm: hardState?.currentTerm ?? disk.currentTerm,
    votedFor: hardState === undefined ? disk.votedFor : hardState.votedFor,
    snapshot,
    entries: unit.entries.length > 0 ? [...entries, ...unit.entries] : entries,
  }
}

export const lastIndexOf = ({ snapshot, entries }: RecoveredState): number => (snapshot?.index ?? 0) + entries.length
