/**
 * A browser's outbox in IndexedDB, one database for each room, strictly durable. A tab holds its line by a Web Lock, which the browser lets
 * go of when the tab dies.
 */
import {
  firstLineState,
  type HeldLine,
  type KeptCommand,
  type LineChange,
  type LineState,
  type LostCommand,
  type OutboxStore,
} from '@flotilla/client'
import { StorageError, type StorageErrorKind } from '@flotilla/cluster'

const VERSION = 1
/** Before the room, in the name of its database. */
export const PREFIX = 'flotilla-outbox/'
export const LINES = 'lines'
export const COMMANDS = 'commands'
export const LOST = 'lost'

interface LineRecord {
  readonly state: LineState
  /** In milliseconds since 1970: which was used last. */
  readonly usedAt: number
}

export function outboxOnDisk(room: string): OutboxStore {
  const name = databaseOf(room)
  let connection: Promise<IDBDatabase> | undefined

  const database = (): Promise<IDBDatabase> => {
    connection ??= open(name, () => {
      connection = undefined
    })
    connection.catch(() => {
      connection = undefined
    })
    return connection
  }

  async function transact<T>(mode: IDBTransactionMode, run: (transaction: IDBTransaction) => () => T): Promise<T> {
    try {
      const db = await database()
      return await new Promise<T>((resolve, reject) => {
        const transaction = db.transaction([LINES, COMMANDS, LOST], mode, { durability: 'strict' })
        const result = run(transaction)
        transaction.oncomplete = () => {
          try {
            resolve(result())
          } catch (error) {
            reject(error)
          }
        }
        transaction.onabort = () => reject(transaction.error ?? new Error('the browser aborted without a reason'))
      })
    } catch (cause) {
      throw storageError(cause)
    }
  }

  const hold = async (id: string): Promise<HeldLine | undefined> => {
    const release = await tryLock(`${name}/${id}`)
    if (release === undefined) return undefined
    try {
      const { state, commands } = await transact('readonly', transaction => {
        const record = transaction.objectStore(LINES).get(id)
        const keys = transaction.objectStore(COMMANDS).getAllKeys(ofLine(id))
        const values = transaction.objectStore(COMMANDS).getAll(ofLine(id))
        return () => ({
          state: record.result === undefined ? firstLineState : readLine(record.result).state,
          commands: keys.result.map(
            (key, i): KeptCommand => ({ number: readKey(key).number, data: readBytes(values.result[i]) }),
          ),
        })
      })
      return { id, state, commands, write: change => write(id, change), release }
    } catch (error) {
      release()
      throw error
    }
  }

  const write = (id: string, { state, added, lost }: LineChange): Promise<void> =>
    transact('readwrite', transaction => {
      const commands = transaction.objectStore(COMMANDS)
      transaction.objectStore(LINES).put({ state, usedAt: Date.now() } satisfies LineRecord, id)
      if (state.doneUpTo > 0) commands.delete(IDBKeyRange.bound([id, 0], [id, state.doneUpTo]))
      for (const { number, data } of added) commands.put(data.slice(), [id, number])
      for (const { number, data, outcome } of lost)
        transaction
          .objectStore(LOST)
          .put(outcome === undefined ? data.slice() : { data: data.slice(), outcome }, [id, number])
      return () => undefined
    })

  /** The last used first. */
  const lines = async (): Promise<readonly { readonly id: string; readonly hasCommands: boolean }[]> =>
    transact('readonly', transaction => {
      const ids = transaction.objectStore(LINES).getAllKeys()
      const records = transaction.objectStore(LINES).getAll()
      const commands = transaction.objectStore(COMMANDS).getAllKeys()
      return () => {
        const waiting = new Set(commands.result.map(key => readKey(key).line))
        return ids.result
          .map((id, i) => ({ id: String(id), usedAt: readLine(records.result[i]).usedAt }))
          .sort((a, b) => b.usedAt - a.usedAt)
          .map(({ id }) => ({ id, hasCommands: waiting.has(id) }))
      }
    })

  return {
    async take() {
      for (const { id } of await lines()) {
        const line = await hold(id)
        if (line !== undefined) return line
      }
      const fresh = await hold(crypto.randomUUID())
      if (fresh === undefined) throw new StorageError('Unavailable', 'a new line is held by somebody')
      return fresh
    },
    async takeOrphan() {
      for (const { id, hasCommands } of (await lines()).toReversed()) {
        const line = hasCommands ? await hold(id) : undefined
        if (line !== undefined) return line
      }
      return undefined
    },
    lost: () =>
      transact('readonly', transaction => {
        const keys = transaction.objectStore(LOST).getAllKeys()
        const values = transaction.objectStore(LOST).getAll()
        return () => keys.result.map((key, i): LostCommand => ({ ...readKey(key), ...readLost(values.result[i]) }))
      }),
    forget: ({ line, number }) =>
      transact('readwrite', transaction => {
        transaction.objectStore(LOST).delete([line, number])
        return () => undefined
      }),
  }
}

/** How many commands of this browser are on its disk and not known to be in the log, whichever tab left them there. */
export async function waitingOnDisk(room: string): Promise<number> {
  const db = await open(databaseOf(room), () => {})
  try {
    return await new Promise((resolve, reject) => {
      const request = db.transaction(COMMANDS).objectStore(COMMANDS).count()
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  } finally {
    db.close()
  }
}

/** With everything in it, whether any of it is in the log or not. Whoever has it open loses it. */
export function deleteOutbox(room: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(databaseOf(room))
    request.onsuccess = () => resolve()
    request.onerror = () => reject(storageError(request.error))
  })
}

const databaseOf = (room: string): string => PREFIX + room

const ofLine = (id: string): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER])

function open(name: string, gone: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, VERSION)
    request.onupgradeneeded = () => {
      for (const store of [LINES, COMMANDS, LOST]) request.result.createObjectStore(store)
    }
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const db = request.result
      db.onversionchange = () => {
        // Lets what is under way finish, and whoever deletes or upgrades go on.
        db.close()
        gone()
      }
      db.onclose = gone
      resolve(db)
    }
  })
}

/** The way to let go of it; `undefined` while another tab holds it. */
function tryLock(name: string): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, lock => {
        if (lock === null) return resolve(undefined)
        return new Promise<void>(letGo => resolve(letGo))
      })
      .catch(reject)
  })
}

const kinds: Readonly<Record<string, StorageErrorKind>> = {
  QuotaExceededError: 'QuotaExceeded',
  VersionError: 'NewerVersion',
  NotFoundError: 'Corrupt',
}

export function storageError(cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause))
  return new StorageError(kinds[name] ?? 'Unavailable', `the outbox: ${name}: ${message}`, { cause })
}

const corrupt = (what: string): StorageError => new StorageError('Corrupt', `in the outbox, ${what}`)

export function readLine(value: unknown): LineRecord {
  if (typeof value !== 'object' || value === null || !('state' in value) || !('usedAt' in value))
    throw corrupt('a line is no record')
  const { state, usedAt } = value
  if (typeof state !== 'object' || state === null || typeof usedAt !== 'number') throw corrupt('a line has no state')
  const numberOf = (name: keyof LineState): number => {
    const number: unknown = Reflect.get(state, name)
    if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number
    throw corrupt(`${name} is no whole number`)
  }
  const textOf = (name: keyof LineState): string => {
    const text: unknown = Reflect.get(state, name)
    if (typeof text === 'string') return text
    throw corrupt(`${name} is no text`)
  }
  return {
    usedAt,
    state: {
      session: numberOf('session'),
      cluster: textOf('cluster'),
      base: numberOf('base'),
      boundUpTo: numberOf('boundUpTo'),
      doneUpTo: numberOf('doneUpTo'),
    },
  }
}

export function readKey(key: IDBValidKey): { readonly line: string; readonly number: number } {
  if (Array.isArray(key)) {
    const [line, number] = key
    if (typeof line === 'string' && typeof number === 'number') return { line, number }
  }
  throw corrupt('a command has no number')
}

export function readBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw corrupt('a command is not bytes')
}

/** A command of which nobody can say whether it took effect, or one with what the machine refused it with. */
export function readLost(value: unknown): Pick<LostCommand, 'data' | 'outcome'> {
  if (typeof value !== 'object' || value === null || !('data' in value && 'outcome' in value))
    return { data: readBytes(value) }
  return { data: readBytes(value.data), outcome: readBytes(value.outcome) }
}
