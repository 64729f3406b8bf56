/**
 * idb-keyval's way to a store (`UseStore`), made strict: every transaction asks for `durability: 'strict'`, and its
 * result counts only once the transaction is complete. idb-keyval's own `createStore` can do neither.
 */
import type { StorageError } from '@flotilla/cluster'
import type { UseStore } from 'idb-keyval'
import { STORE } from './database.ts'
import { storageError } from './errors.ts'

/**
 * Every rejection is a StorageError. What the callback throws aborts the transaction. Where the connection is there, the transaction has
 * begun when this returns: the disk works while the caller goes on.
 */
export function strictStore(connection: () => IDBDatabase | Promise<IDBDatabase>): UseStore {
  return async (mode, callback) => {
    try {
      const connected = connection()
      const db = connected instanceof Promise ? await connected : connected
      const transaction = db.transaction(STORE, mode, { durability: 'strict' })
      // Listening before the callback does: a reason seen here is more precise than what idb-keyval makes of it.
      const complete = completed(transaction)
      const [result] = await Promise.all([guarded(transaction, callback), complete])
      return result
    } catch (cause) {
      throw storageError(cause)
    }
  }
}

/** The same store again, so that several of idb-keyval's operations take part in one transaction. */
export function within(store: IDBObjectStore): UseStore {
  return async (_mode, callback) => callback(store)
}

const reasons = new WeakMap<IDBTransaction, StorageError>()

/** Aborts: nothing of the transaction is written, and it rejects with this. */
export function refuse(transaction: IDBTransaction, reason: StorageError): void {
  reasons.set(transaction, reason)
  transaction.abort()
}

/**
 * A put that succeeded is not yet durable: only `complete` is. A failed request, a failed commit and an abort all reject.
 * (A failed request's error is on the request; the transaction has it only once it is aborted. An abort fails the
 * requests under way first, so that our reason must be asked for at both.)
 */
function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: DOMException | null): void => reject(reasons.get(transaction) ?? error)
    transaction.addEventListener('complete', () => resolve())
    transaction.addEventListener('error', event => fail(event.target instanceof IDBRequest ? event.target.error : null))
    transaction.addEventListener('abort', () => fail(transaction.error))
  })
}

async function guarded<T>(
  transaction: IDBTransaction,
  callback: (store: IDBObjectStore) => T | PromiseLike<T>,
): Promise<T> {
  try {
    return await callback(transaction.objectStore(STORE))
  } catch (cause) {
    if (cause instanceof Error) abortIfOpen(transaction)
    throw reasons.get(transaction) ?? cause
  }
}

function abortIfOpen(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It has already ended, which is all that is wanted.
  }
}
