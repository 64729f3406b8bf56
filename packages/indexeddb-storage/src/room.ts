/**
 * A browser's shelf of node databases for one room. Every node has its own database `flotilla/<room>/<nodeId>`, and
 * the browser's own list of databases is the only register of them: there is no second one that could disagree.
 */
import { type Identity, type RoomStorage, type Storage, StorageError } from '@flotilla/cluster'
import type { NodeId, PersistUnit } from '@flotilla/core'
import { get, setMany } from 'idb-keyval'
import { databasesNamed, deleteDatabase, openExisting, openOrCreate } from './database.ts'
import { storageError } from './errors.ts'
import { type HeldLock, tryLock, withLock } from './lock.ts'
import { driveNode, recover } from './node.ts'
import { IDENTITY, type IdentityRecord, OWNER_EPOCH, readIdentity, unitRecords } from './records.ts'
import { strictStore } from './transaction.ts'

/** Storage in this browser's IndexedDB, strictly durable. Room names and node ids hold no `/`. */
export function indexedDb(): (room: string) => RoomStorage {
  return room => {
    const prefix = `flotilla/${room}/`
    return {
      exclusively: decide => withLock(`${prefix}open`, decide),
      list: async () => (await listNodes(prefix)).map(({ nodeId, clusterId }) => ({ nodeId, clusterId })),
      claim: nodeId => claim(prefix, nodeId),
      create: (identity, first) => create(prefix, identity, first),
    }
  }
}

const nodeLock = (prefix: string, nodeId: NodeId): string => `${prefix}node/${nodeId}`

async function listNodes(prefix: string): Promise<IdentityRecord[]> {
  const ids = (await databasesNamed(prefix)).map(name => name.slice(prefix.length))
  const found = await Promise.all(ids.map(nodeId => identityOf(prefix, nodeId)))
  return found
    .filter(identity => identity !== undefined)
    .sort((a, b) => a.created - b.created || (a.nodeId < b.nodeId ? -1 : 1))
}

/** Reads beside whoever drives the node. `undefined` if it is not there, or not yet. */
async function identityOf(prefix: string, nodeId: NodeId): Promise<IdentityRecord | undefined> {
  const db = await openExisting(prefix + nodeId)
  if (db === undefined) return undefined
  try {
    const found = await get<unknown>(
      IDENTITY,
      strictStore(async () => db),
    )
    return found === undefined ? undefined : readIdentity(found, nodeId)
  } finally {
    db.close()
  }
}

async function claim(prefix: string, nodeId: NodeId): Promise<Storage | undefined> {
  const lock = await tryLock(nodeLock(prefix, nodeId))
  if (lock === undefined) return undefined
  return orLetGo(lock, async () => {
    const db = await openExisting(prefix + nodeId)
    if (db === undefined) return undefined
    try {
      const recovered = await recover(db, nodeId)
      if (recovered !== undefined) return driveNode(db, lock, recovered)
    } catch (error) {
      db.close()
      throw error
    }
    // Its maker died between the first open and the first write: such a database never was a node.
    db.close()
    await deleteDatabase(db.name)
    return undefined
  })
}

async function create(prefix: string, { nodeId, clusterId }: Identity, first?: PersistUnit): Promise<Storage> {
  const lock = await tryLock(nodeLock(prefix, nodeId))
  if (lock === undefined) throw new StorageError('Exists', `the node ${nodeId} is being driven`)
  const storage = await orLetGo(lock, async () => {
    const others = await listNodes(prefix)
    if (others.some(other => other.nodeId === nodeId)) throw new StorageError('Exists', `the node ${nodeId} exists`)
    const created = others.reduce((latest, other) => Math.max(latest, other.created + 1), 0)
    // Checked as it will be when read: what could never be read back must not be written.
    const identity = readIdentity({ nodeId, clusterId, created }, nodeId)

    const db = await openOrCreate(prefix + nodeId)
    try {
      // One transaction: a database has an identity and its first unit, or nothing.
      await setMany(
        [[IDENTITY, identity], [OWNER_EPOCH, 0], ...(first === undefined ? [] : unitRecords(first))],
        strictStore(async () => db),
      )
      const recovered = await recover(db, nodeId)
      if (recovered !== undefined) return driveNode(db, lock, recovered)
      throw new StorageError('Unavailable', 'the database vanished while it was made')
    } catch (error) {
      db.close()
      await deleteDatabase(db.name)
      throw storageError(error)
    }
  })
  return storage
}

/** A lock that nobody drives by is given back, whether there was nothing to drive or an error. */
async function orLetGo<T>(lock: HeldLock, open: () => Promise<T>): Promise<T> {
  try {
    const opened = await open()
    if (opened === undefined) await lock.release()
    return opened
  } catch (error) {
    await lock.release()
    throw error
  }
}
