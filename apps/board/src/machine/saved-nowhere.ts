/** Changes that are neither on this device's disk nor on their way: it could not take them. */
import { ClusterError } from '@flotilla/cluster'

export function isSavedNowhere(error: unknown): boolean {
  if (!(error instanceof ClusterError)) return false
  return error.kind === 'StorageFailed' || error.kind === 'Overloaded' || error.kind === 'TooLarge'
}
