/**
 * A browser's shelf of node databases for one room. Every node has its own database `flotilla/<room>/<nodeId>`, and
 * the browser's own list of databases is the only register of them: there is no second one that could disagree.
 */
import {
  type DamagedNode,
  type NewNode,
  type RoomStorage,
  type Storage,
  StorageError,
  type Survey,
} from '@flotilla/cluster'
import type { NodeId, PersistUnit } from '@flotilla/core'
import { setMany } from 'idb-keyval'
import { databasesNamed, deleteDatabase, openExisting, openOrCreate } from './database.ts'
import { storageError } from './errors.ts'
import { type Filed, readFiled } from './filed.ts'
import { type HeldLock, tryLock, withLock } from './lock.ts'
import { driveNode, recover } from './node.ts'
import { IDENTITY, KEYS, OWNER_EPOCH, readIdentity, unitRecords } from './records.ts'
import { sealed } from './sealed.ts'
import { strictStore } from './transaction.ts'

export interface IndexedDbOptions {
  /**
   * For whoever knows by other means that no other tab should drive a node of this room: a tab that is frozen or about to end may
   * still hold the locks, and they are taken from it. What it still writes is refused (`Fenced`). Default: false.
   */
  readonly byForce?: boolean
}

/** Storage in this browser's IndexedDB, strictly durable. Room names and node ids hold no `/`. */
export function indexedDb({ byForce = false }: IndexedDbOptions = {}): (room: string) => RoomStorage {
  return room => {
    const prefix = `flotilla/${room}/`
    return {
      exclusively: decide => withLock(`${prefix}open`, byForce, decide),
      survey: () => survey(prefix),
      claim: nodeId => claim(prefix, nodeId, byForce),
      remove: nodeId => remove(prefix, nodeId),
      create: (node, first) => create(prefix, node, first),
    }
  }
}

const nodeLock = (prefix: string, nodeId: NodeId): string => `${prefix}node/${nodeId}`

type Found = Filed | DamagedNode

/** Every database of the room, as it can be read beside whoever drives it. */
async function readAll(prefix: string): Promise<Found[]> {
  const ids = (await databasesNamed(prefix)).map(name => name.slice(prefix.length))
  const found = await Promise.all(ids.map(nodeId => readOne(prefix, nodeId)))
  return found.filter(node => node !== undefined)
}

/** `undefined` if it is not there, or not yet. */
async function readOne(prefix: string, nodeId: NodeId): Promise<Found | undefined> {
  try {
    const db = await openExisting(prefix + nodeId)
    if (db === undefined) return undefined
    try {
      return await readFiled(db, nodeId)
    } finally {
      db.close()
    }
  } catch (cause) {
    return { nodeId, error: storageError(cause) }
  }
}

async function survey(prefix: string): Promise<Survey> {
  const found = await readAll(prefix)
  return { nodes: inOrder(found).map(({ node }) => node), damaged: found.filter(node => 'error' in node) }
}

const inOrder = (found: readonly Found[]): Filed[] =>
  found
    .filter(filed => 'node' in filed)
    .sort((a, b) => a.created - b.created || (a.node.nodeId < b.node.nodeId ? -1 : 1))

async function claim(prefix: string, nodeId: NodeId, byForce: boolean): Promise<Storage | undefined> {
  const lock = await tryLock(nodeLock(prefix, nodeId), byForce)
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

async function create(prefix: string, { nodeId, clusterId, keys }: NewNode, first?: PersistUnit): Promise<Storage> {
  const lock = await tryLock(nodeLock(prefix, nodeId))
  if (lock === undefined) throw new StorageError('Exists', `the node ${nodeId} is being driven`)
  const storage = await orLetGo(lock, async () => {
    const others = await readAll(prefix)
    const isThere = (other: Found): boolean => ('node' in other ? other.node.nodeId : other.nodeId) === nodeId
    if (others.some(isThere)) throw new StorageError('Exists', `the node ${nodeId} exists`)
    const created = (inOrder(others).at(-1)?.created ?? -1) + 1
    // Checked as it will be when read: what could never be read back must not be written.
    const identity = readIdentity({ nodeId, clusterId, created }, nodeId)

    const db = await openOrCreate(prefix + nodeId)
    try {
      // One transaction: a database has an identity and its first unit, or nothing.
      const records: [IDBValidKey, unknown][] = first === undefined ? [] : unitRecords(first)
      records.push([IDENTITY, identity], [OWNER_EPOCH, 0])
      if (keys !== undefined) records.push([KEYS, { publicKey: keys.publicKey, privateKey: keys.privateKey }])
      await setMany(
        records.map(sealed),
        strictStore(() => db),
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

/** Under the node's own lock, so that nobody's database is deleted under him. */
async function remove(prefix: string, nodeId: NodeId): Promise<boolean> {
  const lock = await tryLock(nodeLock(prefix, nodeId))
  if (lock === undefined) return false
  try {
    await deleteDatabase(prefix + nodeId)
    return true
  } finally {
    await lock.release()
  }
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
