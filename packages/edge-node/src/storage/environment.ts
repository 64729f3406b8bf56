/**
 * A node's LMDB environment. LMDB allows a process to open one only once, so whoever opens it again shares it; and it believes what it
 * finds on the disk, so that it is looked at by another process first (`dry-run.ts`).
 */
import { chmodSync, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Key, sealed, unsealed } from './checksum.ts'
import { dryRun } from './dry-run.ts'
import { commitError, corrupt, isShortWrite, noRoom, storageError } from './errors.ts'
import { DATA_FILE, hasNoRoom, LOCK_FILE, makeFolder } from './folders.ts'
import { type LmdbDatabase, openLmdb } from './lmdb.ts'

export interface Write {
  readonly key: Key
  /** `undefined` removes it. */
  readonly record: Uint8Array | undefined
}

export class Environment {
  readonly #folder: string
  readonly #database: LmdbDatabase
  readonly #leave: () => Promise<void>
  #closed = false

  constructor(folder: string, database: LmdbDatabase, leave: () => Promise<void>) {
    this.#folder = folder
    this.#database = database
    this.#leave = leave
  }

  /** From now on what is read is what is there now: within a task lmdb reads as of its beginning. */
  refresh(): void {
    this.#database.resetReadTxn()
  }

  /** @throws StorageError `Corrupt` */
  get(key: Key): Uint8Array | undefined {
    const value = this.#database.get(key)
    return value === undefined ? undefined : unsealed(key, value)
  }

  /** In the order of the keys; what a record is must be asked of each, as it may be damaged. */
  *records(from: Key, upTo: Key): Generator<{ readonly key: Key; record(): Uint8Array }> {
    for (const { key, value } of this.#database.getRange({ start: from, end: upTo, inclusiveEnd: true })) {
      const bytes = Buffer.from(value)
      yield { key, record: () => unsealed(key, bytes) }
    }
  }

  *backwards(from: number): Generator<{ readonly key: Key; record(): Uint8Array }> {
    for (const { key, value } of this.#database.getRange({ start: from, end: 0, reverse: true })) {
      const bytes = Buffer.from(value)
      yield { key, record: () => unsealed(key, bytes) }
    }
  }

  /**
   * One transaction, on the disk when it resolves, if nothing has been written since `version`; otherwise nothing is, and it is false.
   * It leaves `next` behind. Several may be under way, and take their turns in the order of the calls.
   */
  async writeIf(version: number, next: number, guarded: Key, writes: readonly Write[]): Promise<boolean> {
    const database = this.#database
    const apply = (): void => {
      for (const { key, record } of writes) {
        if (record === undefined) void database.remove(key)
        else void database.put(key, sealed(key, record), key === guarded ? next : 0)
      }
    }
    try {
      return await (version === 0 ? database.ifNoExists(guarded, apply) : database.ifVersion(guarded, version, apply))
    } catch (cause) {
      const why = await commitError(cause)
      throw isShortWrite(why) && hasNoRoom(this.#folder) ? noRoom(why) : storageError(why)
    }
  }

  /** Twice is once. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#leave()
  }
}

interface Shared {
  readonly opening: Promise<LmdbDatabase>
  users: number
}

const open = new Map<string, Shared>()
/** What a file was when we last closed it: if it is that still, nobody has touched it, and what we wrote was sound. */
const closedAs = new Map<string, string>()

/** @throws StorageError `Corrupt` if there is none, or none that can be read */
export async function openEnvironment(folder: string): Promise<Environment> {
  if (!existsSync(join(folder, DATA_FILE))) throw corrupt(`the database is missing (${join(folder, DATA_FILE)})`)
  return share(folder)
}

export async function makeEnvironment(folder: string): Promise<Environment> {
  makeFolder(folder)
  return share(folder)
}

async function share(folder: string): Promise<Environment> {
  const shared = open.get(folder) ?? { opening: openDatabase(folder), users: 0 }
  open.set(folder, shared)
  shared.users += 1
  const leave = async (): Promise<void> => {
    shared.users -= 1
    if (shared.users > 0) return
    open.delete(folder)
    const database = await shared.opening.catch(() => undefined)
    await database?.close()
    closedAs.set(folder, fileAsItIs(folder))
  }
  try {
    return new Environment(folder, await shared.opening, leave)
  } catch (cause) {
    shared.users -= 1
    if (shared.users === 0) open.delete(folder)
    throw storageError(cause)
  }
}

async function openDatabase(folder: string): Promise<LmdbDatabase> {
  const asItIs = fileAsItIs(folder)
  // It is mapped into memory, and a process that writes there where the disk has no room for it is ended by the system.
  if (!existsSync(join(folder, LOCK_FILE)) && hasNoRoom(folder)) throw noRoom()
  if (asItIs !== '' && asItIs !== closedAs.get(folder)) await dryRun(folder)
  const database = await openLmdb(folder)
  // There are keys in it.
  for (const file of [DATA_FILE, LOCK_FILE]) chmodSync(join(folder, file), 0o600)
  return database
}

/** Empty where there is none. */
function fileAsItIs(folder: string): string {
  const found = statSync(join(folder, DATA_FILE), { bigint: true, throwIfNoEntry: false })
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeNs}`
}
