/** What LMDB's and the file system's errors mean in terms of the storage contract. */
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
  '28': 'QuotaExceeded',
  ENOSPC: 'QuotaExceeded',
  EDQUOT: 'QuotaExceeded',
  EFBIG: 'QuotaExceeded',
}

export function storageError(cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause
  if (!(cause instanceof Error)) return new StorageError('Unavailable', `the disk failed: ${String(cause)}`)
  return new StorageError(kinds[codeOf(cause)] ?? 'Unavailable', cause.message, { cause })
}

/** lmdb wraps what a commit failed with. */
function codeOf(error: Error): string {
  if ('commitError' in error && error.commitError instanceof Error) return codeOf(error.commitError)
  return 'code' in error ? String(error.code) : ''
}

/** The code of a system's error, such as `ENOENT`. */
export const systemCode = (cause: unknown): string | undefined =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined

export const corrupt = (what: string): StorageError => new StorageError('Corrupt', `on disk, ${what}`)
