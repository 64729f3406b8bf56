/**
 * Storage: what a node remembers across a crash. `RoomStorage` is the device's shelf of node databases for one room;
 * `Storage` is one of them, opened by the one driver that holds it.
 *
 * Any implementation must pass `storageConformance` (in `@flotilla/cluster/conformance`).
 */
import type { NodeId, PersistUnit, RecoveredState } from '@flotilla/core'

/** Who a database belongs to. Lives inside the database: lose one and you lose both. */
export interface Identity {
  readonly nodeId: NodeId
  /** 32 lower-case hexadecimal digits; `undefined` while the node has not yet been admitted to any cluster. */
  readonly clusterId: string | undefined
}

export interface Recovered {
  readonly identity: Identity
  /** How often this database has been opened; persisting with an older one fails with `Fenced`. From 1. */
  readonly ownerEpoch: number
  readonly state: RecoveredState
}

export interface Storage {
  /** What `claim` or `create` found, as of that moment. */
  readonly recovered: Recovered
  /**
   * Makes one unit durable: all of it or nothing. Units are applied in the order of the calls; several may be under way.
   * Once one has failed, every later one fails too, with the same kind of error. Rejects with a StorageError.
   */
  persist(unit: PersistUnit): Promise<void>
  /** Records, durably, the cluster the node belongs to. Rejects with `Corrupt` if it already belongs to another. */
  setClusterId(clusterId: string): Promise<void>
  /** Waits for what is under way, then lets go of the database. Twice is once. */
  close(): Promise<void>
  /** Resolves with why, if the database is lost while open (deleted, taken over, closed by the browser). */
  readonly lost: Promise<StorageError>
}

export interface RoomStorage {
  /** Runs `decide` while no other tab or process of this device can be inside `exclusively` for the same room. */
  exclusively<T>(decide: () => Promise<T>): Promise<T>
  /** Every node of this room that has a database on this device, in the order of creation, driven or not. */
  list(): Promise<readonly Identity[]>
  /** Opens an existing node's database, if nobody on this device is driving it. */
  claim(nodeId: NodeId): Promise<Storage | undefined>
  /**
   * Makes a new, empty database and opens it. With `clusterId` and `first`, both are durable in it before this resolves:
   * that is how a cluster is bootstrapped. Rejects with `Exists` if the node does.
   */
  create(identity: Identity, first?: PersistUnit): Promise<Storage>
}

export type StorageErrorKind =
  /** Another driver opened the database after us. Nothing of the unit was written. */
  | 'Fenced'
  | 'QuotaExceeded'
  /** Deleted, evicted, or the device failed. */
  | 'Unavailable'
  /** What is there cannot be what we wrote. */
  | 'Corrupt'
  /** Written by a later version of this software, whose records we cannot know. */
  | 'NewerVersion'
  /** A node with this id has a database already. */
  | 'Exists'
  | 'Closed'

export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly kind: StorageErrorKind
  constructor(kind: StorageErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
