/**
 * Storage: what a node remembers across a crash. `RoomStorage` is the device's shelf of node databases for one room;
 * `Storage` is one of them, opened by the one driver that holds it.
 *
 * Any implementation must pass `storageConformance` (in `@flotilla/cluster/conformance`).
 */
import {
  type Configuration,
  emptyConfiguration,
  type NodeId,
  type PersistUnit,
  type RecoveredState,
} from '@flotilla/core'

/** Who a database belongs to. Lives inside the database: lose one and you lose both. */
export interface Identity {
  readonly nodeId: NodeId
  /** 32 lower-case hexadecimal digits; `undefined` while the node has not yet been admitted to any cluster. */
  readonly clusterId: string | undefined
}

/** What a node is made with. */
export interface NewNode extends Identity {
  /** Where its id is made of a public key: that key, and the private one, which can be used and not be read. */
  readonly keys?: CryptoKeyPair | undefined
}

export interface Recovered {
  readonly identity: Identity
  /** If it was made with any. */
  readonly keys?: CryptoKeyPair
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
  /**
   * Remembers that the entries up to `index`, which are durable here, are committed; `recovered.state.commitIndex` says so after
   * a restart. It is housekeeping: it may be lost, or left out by a storage that has no place for it. In order with the units.
   */
  noteCommitted?(index: number): Promise<void>
  /** Records, durably, the cluster the node belongs to. Rejects with `Corrupt` if it already belongs to another. */
  setClusterId(clusterId: string): Promise<void>
  /**
   * Leaves the cluster the node belongs to for another, founded by itself (`forceNewCluster`): the id and the unit become durable in one
   * step, or neither does. In order with the units; nothing is persisted after it before the database is opened again.
   */
  refound(clusterId: string, unit: PersistUnit): Promise<void>
  /** Waits for what is under way, then lets go of the database. Twice is once. */
  close(): Promise<void>
  /** Resolves with why, if the database is lost while open (deleted, taken over, closed by the browser). */
  readonly lost: Promise<StorageError>
}

/** What one node's disk says, read without driving it; another tab may be writing to it meanwhile. */
export interface StoredNode extends Identity {
  /** Where its log ends, snapshot included; 0 and 0 for an empty one. */
  readonly lastTerm: number
  readonly lastIndex: number
  /** The latest in its log or snapshot, committed or not; the empty one if the node has never been told any. */
  readonly configuration: Configuration
}

/** For storages that have all of a node's state at hand. */
export function storedNode(
  { nodeId, clusterId }: Identity,
  { entries, snapshot }: Pick<RecoveredState, 'entries' | 'snapshot'>,
): StoredNode {
  const last = entries.at(-1) ?? snapshot
  const configured = entries.findLast(entry => entry.kind === 'configuration')
  const configuration = configured?.data ?? snapshot?.configuration ?? emptyConfiguration
  return { nodeId, clusterId, lastTerm: last?.term ?? 0, lastIndex: last?.index ?? 0, configuration }
}

/** A node whose disk cannot be read: it cannot be driven, and is in nobody's way. */
export interface DamagedNode {
  readonly nodeId: NodeId
  readonly error: StorageError
}

export interface Survey {
  /** In the order of creation. */
  readonly nodes: readonly StoredNode[]
  readonly damaged: readonly DamagedNode[]
}

export interface RoomStorage {
  /** Runs `decide` while no other tab or process of this device can be inside `exclusively` for the same room. */
  exclusively<T>(decide: () => Promise<T>): Promise<T>
  /** Every node of this room that has a database on this device, driven or not. One that cannot be read does not hide the others. */
  survey(): Promise<Survey>
  /** Opens an existing node's database, if nobody on this device is driving it. */
  claim(nodeId: NodeId): Promise<Storage | undefined>
  /** Deletes a node's database, damaged or not, unless somebody is driving it; says whether it is gone. */
  remove(nodeId: NodeId): Promise<boolean>
  /**
   * Makes a new, empty database and opens it. With `clusterId` and `first`, both are durable in it before this resolves:
   * that is how a cluster is bootstrapped. Rejects with `Exists` if the node does.
   */
  create(node: NewNode, first?: PersistUnit): Promise<Storage>
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
