/** What stopped a node that did not mean to stop, and how everybody who asks is told. */
import { ClusterError, type NodeFailure } from '../api.ts'
import { StorageError } from '../storage.ts'
import { Divergence } from './divergence.ts'
import { LeftBehind } from './left-behind.ts'
import { MachineError } from './machine-state.ts'
import { SnapshotFormatError } from './node-snapshot.ts'

export function failureOf(cause: unknown): NodeFailure {
  if (cause instanceof StorageError) return cause.kind
  if (cause instanceof Divergence) return 'Diverged'
  if (cause instanceof LeftBehind) return 'LeftBehind'
  return cause instanceof MachineError || cause instanceof SnapshotFormatError ? 'MachineFailed' : 'InvariantBroken'
}

/** For the trace, in one line. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof StorageError) return `storage: ${cause.kind}`
  return cause instanceof Error ? cause.message : String(cause)
}

/** What is told to those who wait for the node, or ask for something later. */
export function failureError(failure: NodeFailure, cause?: unknown): ClusterError {
  switch (failure) {
    case 'MachineFailed':
      return new ClusterError('MachineFailed', 'the state machine could not take up a snapshot', { cause })
    case 'Diverged': {
      const what = cause instanceof Divergence ? cause.message : 'the state here is another than that of the others'
      return new ClusterError('Diverged', what, { cause })
    }
    case 'LeftBehind':
      return new ClusterError('LeftBehind', 'the room went on without this node, as another cluster', { cause })
    case 'InvariantBroken':
      return new ClusterError('Crashed', 'the node stopped itself: going on would be wrong', { cause })
    default:
      return new ClusterError('StorageFailed', `the storage failed: ${failure}`, { cause })
  }
}

/** A storage should reject with a StorageError; one that rejects with anything else has failed as well. */
export function asStorageError(cause: unknown): StorageError {
  return cause instanceof StorageError ? cause : new StorageError('Unavailable', 'the storage failed', { cause })
}
