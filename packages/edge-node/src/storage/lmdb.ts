/**
 * What is used of the package lmdb. Its own types are those of a CommonJS module, which a compiler that looks into every declaration
 * refuses beside modules; so they stay out of ours.
 */
import { StorageError } from '@flotilla/cluster'
import type { Key } from './checksum.ts'

export interface LmdbDatabase {
  get(key: Key): Buffer | undefined
  getRange(range: {
    readonly start: Key
    readonly end: Key
    readonly inclusiveEnd?: boolean
    readonly reverse?: boolean
  }): Iterable<{ readonly key: Key; readonly value: Buffer }>
  /** This and `remove` take effect with the transaction that they are called in. */
  put(key: Key, value: Buffer, version: number): Promise<boolean>
  remove(key: Key): Promise<boolean>
  ifNoExists(key: Key, apply: () => void): Promise<boolean>
  ifVersion(key: Key, version: number, apply: () => void): Promise<boolean>
  /** From now on what is read is what is there now. */
  resetReadTxn(): void
  close(): Promise<void>
}

/** @throws StorageError `Unavailable` where the package cannot be loaded: its native part is not there for every system */
export async function openLmdb(folder: string, { readOnly = false } = {}): Promise<LmdbDatabase> {
  const { open } = await load()
  return open<Buffer, Key>({
    path: folder,
    encoding: 'binary',
    useVersions: true,
    cache: false,
    // Resolves once it is on the disk, and not before.
    overlappingSync: false,
    // A unit is a batch of its own anyway. That of an event turn has a promise that is handed to nobody: on a full disk its rejection
    // would end the process.
    eventTurnBatching: false,
    readOnly,
  })
}

async function load(): Promise<typeof import('lmdb')> {
  try {
    return await import('lmdb')
  } catch (cause) {
    const system = `${process.platform} on ${process.arch}`
    throw new StorageError('Unavailable', `the package lmdb cannot be loaded (${system}): npm install lmdb`, { cause })
  }
}
