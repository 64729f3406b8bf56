/**
 * Opening a node's database, never creating it by accident: an id that came back with an empty disk could vote twice.
 * The version that IndexedDB keeps with each database is the version of our schema; it refuses a newer one by itself.
 */
import { storageError } from './errors.ts'

/** The one object store of each database (`records.ts` says what is in it). */
export const STORE = 'records'

const SCHEMA_VERSION = 1

/** `undefined` if there is none. */
export function openExisting(name: string): Promise<IDBDatabase | undefined> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, SCHEMA_VERSION)
    let missing = false
    request.onupgradeneeded = () => {
      missing = true
      // Aborting the first upgrade leaves no database behind.
      request.transaction?.abort()
    }
    request.onsuccess = () => resolve(request.result)
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
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(storageError(request.error))
  })
}

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
