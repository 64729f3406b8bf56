/** What the storage cases persist: units with entries of every kind and snapshots, all of whose bytes can be told apart. */
import type { Configuration, Entry, NodeId, PersistUnit, Snapshot } from '@flotilla/core'
import { patterned } from '../bytes.ts'

export function unit(fields: Partial<PersistUnit>): PersistUnit {
  return { token: 1, hardState: undefined, snapshot: undefined, truncateFrom: 0, entries: [], ...fields }
}

export const noop = (index: number, term: number): Entry => ({ index, term, kind: 'noop', data: null })

export const command = (index: number, term: number, data: Uint8Array): Entry => ({
  index,
  term,
  kind: 'command',
  data,
})

export const configuration = (index: number, term: number, data: Configuration): Entry => ({
  index,
  term,
  kind: 'configuration',
  data,
})

export function commands(from: number, to: number, term: number, size = 20): Entry[] {
  return Array.from({ length: to - from + 1 }, (_, i) => command(from + i, term, patterned(size, from + i)))
}

export function voters(...ids: NodeId[]): Configuration {
  return {
    members: ids.map((id, i) => ({ id, name: `S${i + 1}` })),
    voters: ids,
    oldVoters: [],
    namesGiven: ids.length,
    expelled: [],
  }
}

export function snapshot(index: number, term: number, size: number): Snapshot {
  return { index, term, configuration: voters('a', 'b', 'c'), data: patterned(size, index) }
}
