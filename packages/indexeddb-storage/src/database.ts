/**
 * Opening a node's database, never creating it by accident: an id that came back with an empty disk could vote twice.
 * The version that IndexedDB keeps with each database is the version of our schema; it refuses a newer one by itself.
 */
import { storageError } from './errors.ts'
import { COMMIT_INDEX } from './records.ts'
import { isSealed, sealed } from './sealed.ts'

/** The one object store of each database (`records.ts` says what is in it). */
export const STORE = 'records'

/** 1: records without checksums. */
export const SCHEMA_VERSION = 2

/** `undefined` if there is none. */
export function openExisting(name: string): Promise<IDBDatabase | undefined> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, SCHEMA_VERSION)
    let missing = false
    request.onupgradeneeded = ({ oldVersion }) => {
      missing = oldVersion === 0
      // Aborting the first upgrade leaves no database behind.
      if (missing) request.transaction?.abort()
      else upgrade(request.transaction)
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = event => {
      event.preventDefault()
      if (missing) resolve(undefined)
      else reject(storageError(request.error))
    }
  })
}

/**
 * Any database as it is, of whatever version, and out of the way as soon as anybody upgrades or deletes it. `undefined` if there is none.
 * Rejects with a StorageError.
 */
export function openToLook(name: string): Promise<IDBDatabase | undefined> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name)
    let missing = false
    request.onupgradeneeded = () => {
      missing = true
      request.transaction?.abort()
    }
    request.onsuccess = () => {
      const db = request.result
      db.onversionchange = () => db.close()
      resolve(db)
    }
    request.onerror = event => {
      event.preventDefault()
      if (missing) resolve(undefined)
      else reject(storageError(request.error))
    }
  })
}

export function openOrCreate(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, SCHEMA_VERSION)
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion === 0) request.result.createObjectStore(STORE)
      else upgrade(request.transaction)
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(storageError(request.error))
  })
}

/** What was written without checksums is taken as it is, once, and gets them: all of it, or nothing if this is cut short. */
function upgrade(transaction: IDBTransaction | null): void {
  const walk = transaction?.objectStore(STORE).openCursor()
  if (walk === undefined) return
  walk.onsuccess = () => {
    const cursor = walk.result
    if (cursor === null) return
    const [key, record] = sealed([cursor.key, ofThisVersion(cursor.key, cursor.value)])
    if (isSealed(key)) cursor.update(record)
    cursor.continue()
  }
}

/** The commit index was a bare number. */
export const ofThisVersion = (key: IDBValidKey, record: unknown): unknown =>
  key === COMMIT_INDEX ? { index: record } : record

export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(storageError(request.error))
  })
}

/** The names of all databases that begin like this. */
export async function databasesNamed(prefix: string): Promise<string[]> {
  const names: string[] = []
  try {
    for (const { name } of await indexedDB.databases()) if (name?.startsWith(prefix)) names.push(name)
  } catch (cause) {
    throw storageError(cause)
  }
  return names
}
