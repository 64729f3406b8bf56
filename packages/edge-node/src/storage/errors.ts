/** What LMDB's and the file system's errors mean in terms of the storage contract. */
import { constants } from 'node:os'
import { StorageError, type StorageErrorKind } from '@flotilla/cluster'

/** By LMDB's own numbers (lmdb.h), and by the names that Node gives to the system's. */
const kinds: Readonly<Record<string, StorageErrorKind>> = {
  /** MDB_PAGE_NOTFOUND, MDB_CORRUPTED, MDB_PANIC, MDB_INVALID. */
  '-30797': 'Corrupt',
  '-30796': 'Corrupt',
  '-30795': 'Corrupt',
  '-30793': 'Corrupt',
  /** MDB_VERSION_MISMATCH. */
  '-30794': 'NewerVersion',
  /** MDB_MAP_FULL, and what the system says when there is no room, or no more is allowed. */
  '-30792': 'QuotaExceeded',
  [constants.errno.ENOSPC]: 'QuotaExceeded',
  [constants.errno.EDQUOT]: 'QuotaExceeded',
  [constants.errno.EFBIG]: 'QuotaExceeded',
  ENOSPC: 'QuotaExceeded',
  EDQUOT: 'QuotaExceeded',
  EFBIG: 'QuotaExceeded',
}

export function storageError(cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause
  if (!(cause instanceof Error)) return new StorageError('Unavailable', `the disk failed: ${String(cause)}`)
  return new StorageError(kinds[codeOf(cause)] ?? 'Unavailable', cause.message, { cause })
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '')

/** It is there as a rule when the error is. Milliseconds. */
const SAID_WITHIN_MS = 1_000

/**
 * What a commit failed with. lmdb says it by a promise of its own in the error, which nobody else listens to: unheard it would end the
 * process.
 */
export async function commitError(cause: unknown): Promise<unknown> {
  if (!(cause instanceof Error && 'commitError' in cause)) return cause
  const { commitError: said } = cause
  return new Promise(resolve => {
    const late = setTimeout(() => resolve(cause), SAID_WITHIN_MS)
    Promise.resolve(said).then(
      () => resolve(cause),
      why => {
        clearTimeout(late)
        resolve(why)
      },
    )
  })
}

/** LMDB's word (EIO) for a write of which only a part was taken, as of a real failure of the device. */
export const isShortWrite = (cause: unknown): boolean =>
  cause instanceof Error && codeOf(cause) === String(constants.errno.EIO)

/** The code of a system's error, such as `ENOENT`. */
export const systemCode = (cause: unknown): string | undefined =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined

export const corrupt = (what: string): StorageError => new StorageError('Corrupt', `on disk, ${what}`)

export const noRoom = (cause?: unknown): StorageError =>
  new StorageError('QuotaExceeded', 'no space is left on the device', { cause })
