/** What waits in this browser's outboxes, read without holding any line and without changing anything. */
import type { LineState } from '@flotilla/client'
import type { StorageError } from '@flotilla/cluster'
import { openToLook } from '@flotilla/indexeddb-storage'
import {
  COMMANDS,
  LINES,
  LOST,
  PREFIX,
  readBytes,
  readKey,
  readLine,
  readLost,
  storageError,
} from './outbox-on-disk.ts'

export interface InspectedOutbox {
  readonly room: string
  readonly lines: readonly InspectedLine[]
  /** On this disk, and not known to be in the log. */
  readonly waiting: readonly InspectedCommand[]
  /** Of which nobody can say whether they took effect, until a person has seen them. */
  readonly lost: readonly InspectedCommand[]
  /** By the machine, until a person has seen them. */
  readonly refused: readonly InspectedCommand[]
  readonly problems: readonly StorageError[]
}

export interface InspectedLine extends Pick<LineState, 'session' | 'cluster'> {
  readonly id: string
}

export interface InspectedCommand {
  readonly line: string
  readonly number: number
  readonly data: Uint8Array
}

/** Of every room that has one. */
export async function inspectOutboxes(): Promise<readonly InspectedOutbox[]> {
  const names = (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name] : []))
  const found = await Promise.all(names.sort().map(name => inspectOutbox(name)))
  return found.filter(outbox => outbox !== undefined)
}

/** `undefined` if it is gone meanwhile. */
async function inspectOutbox(name: string): Promise<InspectedOutbox | undefined> {
  const problems: StorageError[] = []
  const attempt = <T>(read: () => T): readonly T[] => {
    try {
      return [read()]
    } catch (cause) {
      problems.push(storageError(cause))
      return []
    }
  }
  const room = name.slice(PREFIX.length)
  try {
    const db = await openToLook(name)
    if (db === undefined) return undefined
    try {
      const records = await allRecords(db)
      const waiting = (records.get(COMMANDS) ?? []).flatMap(([key, value]) =>
        attempt(() => ({ ...readKey(key), data: readBytes(value) })),
      )
      const over = (records.get(LOST) ?? []).flatMap(([key, value]) =>
        attempt(() => ({ ...readKey(key), ...readLost(value) })),
      )
      const lines = (records.get(LINES) ?? []).flatMap(([key, value]) =>
        attempt(() => {
          const { session, cluster } = readLine(value).state
          return { id: String(key), session, cluster }
        }),
      )
      const lost = over.filter(({ outcome }) => outcome === undefined)
      const refused = over.filter(({ outcome }) => outcome !== undefined)
      return { room, lines, waiting, lost, refused, problems }
    } finally {
      db.close()
    }
  } catch (cause) {
    return { room, lines: [], waiting: [], lost: [], refused: [], problems: [storageError(cause)] }
  }
}

function allRecords(db: IDBDatabase): Promise<ReadonlyMap<string, readonly (readonly [IDBValidKey, unknown])[]>> {
  return new Promise((resolve, reject) => {
    const stores = [LINES, COMMANDS, LOST]
    const transaction = db.transaction(stores)
    const requests = stores.map(name => {
      const store = transaction.objectStore(name)
      return { name, keys: store.getAllKeys(), values: store.getAll() }
    })
    transaction.oncomplete = () =>
      resolve(
        new Map(
          requests.map(({ name, keys, values }) => [
            name,
            keys.result.map((key, i): readonly [IDBValidKey, unknown] => [key, values.result[i]]),
          ]),
        ),
      )
    transaction.onabort = () => reject(transaction.error ?? new Error('the browser aborted without a reason'))
  })
}
