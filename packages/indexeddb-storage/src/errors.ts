/** What a browser's exception means in terms of the storage contract. */
import { StorageError, type StorageErrorKind } from '@flotilla/cluster'

/** By the name of the DOMException; whatever is not here is a device or a browser that failed us. */
const kinds: Readonly<Record<string, StorageErrorKind>> = {
  QuotaExceededError: 'QuotaExceeded',
  /** The database has a later schema than the one asked for. */
  VersionError: 'NewerVersion',
  /** The object store is missing. */
  NotFoundError: 'Corrupt',
  /** The file behind a large value is missing. */
  NotReadableError: 'Corrupt',
}

/** A browser aborts without giving a reason (`null`) when it closes a database under us. */
export function storageError(cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause
  if (!(cause instanceof Error)) return new StorageError('Unavailable', 'the browser aborted without a reason')
  return new StorageError(kinds[cause.name] ?? 'Unavailable', `${cause.name}: ${cause.message}`, { cause })
}

export const corrupt = (what: string): StorageError => new StorageError('Corrupt', `on disk, ${what}`)
