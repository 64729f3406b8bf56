/** An error on its way from one thread to another, where classes are lost: what tells one kind from another, and is shown to people. */
import {
  ClusterError,
  type ClusterErrorKind,
  type OpeningStep,
  OpenTimeout,
  StorageError,
  type StorageErrorKind,
  type ThrownError,
  TransportError,
  type TransportErrorKind,
} from '@flotilla/cluster'

export type ToldFailure =
  | {
      readonly of: 'cluster'
      readonly kind: ClusterErrorKind
      readonly message: string
      readonly thrown: ThrownError | undefined
      readonly cause: ToldFailure | undefined
    }
  | { readonly of: 'opening'; readonly step: OpeningStep; readonly timeoutMs: number }
  | { readonly of: 'storage'; readonly kind: StorageErrorKind; readonly message: string }
  | { readonly of: 'transport'; readonly kind: TransportErrorKind; readonly message: string }
  | { readonly of: 'code'; readonly message: string }

export function toldFailure(error: unknown): ToldFailure {
  if (error instanceof OpenTimeout) return { of: 'opening', step: error.step, timeoutMs: error.timeoutMs }
  if (error instanceof ClusterError) {
    const { kind, message, thrown, cause } = error
    return { of: 'cluster', kind, message, thrown, cause: cause === undefined ? undefined : toldFailure(cause) }
  }
  if (error instanceof StorageError) return { of: 'storage', kind: error.kind, message: error.message }
  if (error instanceof TransportError) return { of: 'transport', kind: error.kind, message: error.message }
  return { of: 'code', message: error instanceof Error ? error.message : String(error) }
}

export function failureOf(told: ToldFailure): Error {
  switch (told.of) {
    case 'opening':
      return new OpenTimeout(told.step, told.timeoutMs)
    case 'cluster': {
      const { kind, message, thrown, cause } = told
      return new ClusterError(kind, message, {
        ...(thrown && { thrown }),
        ...(cause && { cause: failureOf(cause) }),
      })
    }
    case 'storage':
      return new StorageError(told.kind, told.message)
    case 'transport':
      return new TransportError(told.kind, told.message)
    case 'code':
      return new Error(told.message)
    default:
      return told satisfies never
  }
}
