/**
 * What a node's database says of itself without being driven: who it is, where its log ends, its latest configuration.
 * Of a long log only the end is read, as far back as the last configuration in it.
 */
import type { StoredNode } from '@flotilla/cluster'
import { emptyConfiguration } from '@flotilla/core'
import { promisifyRequest } from 'idb-keyval'
import { IDENTITY, LOG_KEYS, readEntry, readIdentity, readSnapshot, SNAPSHOT } from './records.ts'
import { unsealed, unsealedEntry } from './sealed.ts'
import { strictStore } from './transaction.ts'

/** So many entries at a time, from the end. */
const STRIDE = 256

export interface Filed {
  readonly node: StoredNode
  /** As which of the room's nodes on this device it was made. */
  readonly created: number
}

/** `undefined` if nobody ever was this database's. Rejects with `Corrupt` where what it reads cannot be what was written. */
export function readFiled(db: IDBDatabase, nodeId: string): Promise<Filed | undefined> {
  return strictStore(() => db)('readonly', async store => {
    const record: unknown = await promisifyRequest(store.get(IDENTITY))
    if (record === undefined) return undefined
    const { created, clusterId } = readIdentity(unsealed(IDENTITY, record), nodeId)
    return { node: { nodeId, clusterId, ...(await readEnd(store)) }, created }
  })
}

async function readEnd(store: IDBObjectStore): Promise<Pick<StoredNode, 'lastTerm' | 'lastIndex' | 'configuration'>> {
  const [first, last] = LOG_KEYS
  let end: { readonly lastTerm: number; readonly lastIndex: number } | undefined
  let upTo = await lastKey(store)
  while (upTo >= first) {
    const from = Math.max(first, upTo - STRIDE + 1)
    const records: unknown[] = await promisifyRequest(store.getAll(IDBKeyRange.bound(from, Math.min(upTo, last))))
    const entries = records.map(record => readEntry(unsealedEntry(record)))
    const newest = entries.at(-1)
    if (newest === undefined) break
    end ??= { lastTerm: newest.term, lastIndex: newest.index }
    const configured = entries.findLast(entry => entry.kind === 'configuration')
    if (configured !== undefined) return { ...end, configuration: configured.data }
    upTo = from - 1
  }
  const record: unknown = await promisifyRequest(store.get(SNAPSHOT))
  if (record === undefined) return { lastTerm: 0, lastIndex: 0, ...end, configuration: emptyConfiguration }
  const { term, index, configuration } = readSnapshot(unsealed(SNAPSHOT, record))
  return { lastTerm: term, lastIndex: index, ...end, configuration }
}

/** 0 for an empty log. */
async function lastKey(store: IDBObjectStore): Promise<number> {
  const [first, last] = LOG_KEYS
  const cursor = await promisifyRequest(store.openKeyCursor(IDBKeyRange.bound(first, last), 'prev'))
  return typeof cursor?.key === 'number' ? cursor.key : 0
}
