/**
 * A data directory's shelf of node databases for one room. Each node has its own LMDB environment in its own folder, and the folders are
 * the only register of them: there is no second one that could disagree.
 */
import { join, resolve } from 'node:path'
import {
  type DamagedNode,
  type NewNode,
  type RoomStorage,
  type Storage,
  StorageError,
  type StoredNode,
  type Survey,
} from '@flotilla/cluster'
import type { NodeId, PersistUnit } from '@flotilla/core'
import { makeEnvironment, openEnvironment } from './environment.ts'
import { storageError } from './errors.ts'
import { isEmpty, makeFolder, nodeFolder, nodesIn, removeFolder, roomFolder, syncFolder } from './folders.ts'
import { exportKeys } from './keys.ts'
import { type HeldLock, tryLock, withLock } from './lock.ts'
import { driveNode, type Fault, own, stateAfter, writesOf } from './node.ts'
import { encodeIdentity, encodeState, IDENTITY, STATE, type StateRecord, versionOf } from './records.ts'
import { readEnd, readHead } from './stored-state.ts'
import { Tally } from './tally.ts'

/**
 * Storage in LMDB, in this directory, which may hold any number of rooms. A unit is on the disk (`fdatasync`) when it resolves.
 * The file system must be a local one: LMDB's locks do not reach over a network.
 */
export function lmdbStorage(dataDir: string): (room: string) => RoomStorage {
  return faultyStorage(dataDir, () => undefined)
}

/** The same, of which a test can say what goes wrong. */
export function faultyStorage(dataDir: string, fault: Fault): (room: string) => RoomStorage {
  return room => {
    const folder = roomFolder(resolve(dataDir), room)
    return {
      exclusively: async decide => {
        makeFolder(folder)
        return withLock(join(folder, 'deciding'), decide)
      },
      survey: () => survey(folder),
      claim: nodeId => claim(folder, nodeId, fault),
      remove: nodeId => remove(folder, nodeId),
      create: (node, first) => create(folder, node, first, fault),
    }
  }
}

/** Opens a node though somebody may drive it, who is fenced from here on. */
export async function takeOver(dataDir: string, room: string, nodeId: NodeId): Promise<Storage> {
  const node = nodeFolder(roomFolder(resolve(dataDir), room), nodeId)
  const storage = await openNode(node, nodeId, { release: async () => {} }, () => undefined)
  if (storage === undefined) throw new StorageError('Unavailable', `there is no node ${nodeId}`)
  return storage
}

export const lockOf = (node: string): string => `${node}.driver`

type Found = Filed | DamagedNode

interface Filed {
  readonly node: StoredNode
  readonly created: number
}

async function survey(folder: string): Promise<Survey> {
  const found = await readAll(folder)
  return { nodes: inOrder(found).map(({ node }) => node), damaged: found.filter(node => 'error' in node) }
}

const inOrder = (found: readonly Found[]): Filed[] =>
  found
    .filter(filed => 'node' in filed)
    .sort((a, b) => a.created - b.created || (a.node.nodeId < b.node.nodeId ? -1 : 1))

async function readAll(folder: string): Promise<Found[]> {
  const found = await Promise.all(nodesIn(folder).map(nodeId => readOne(nodeFolder(folder, nodeId), nodeId)))
  return found.filter(node => node !== undefined)
}

/** `undefined` if it is not there, or not yet. */
async function readOne(node: string, nodeId: NodeId): Promise<Found | undefined> {
  try {
    if (isEmpty(node)) return undefined
    const tally = Tally.read(node)
    const environment = await openEnvironment(node)
    try {
      const head = readHead(environment, nodeId, tally)
      if (head === undefined) return undefined
      const { identity, state } = head
      return { node: readEnd(environment, identity, state), created: identity.created }
    } finally {
      await environment.close()
    }
  } catch (cause) {
    return { nodeId, error: storageError(cause) }
  }
}

async function claim(folder: string, nodeId: NodeId, fault: Fault): Promise<Storage | undefined> {
  const node = nodeFolder(folder, nodeId)
  if (isEmpty(node)) return undefined
  const lock = await tryLock(lockOf(node))
  if (lock === undefined) return undefined
  return orLetGo(lock, async () => {
    const storage = await openNode(node, nodeId, lock, fault)
    // Its maker died between the folder and the first write: such a database never was a node.
    if (storage === undefined) removeFolder(node)
    return storage
  })
}

async function openNode(node: string, nodeId: NodeId, lock: HeldLock, fault: Fault): Promise<Storage | undefined> {
  // Before the database: where both are missing, it is this that tells.
  Tally.read(node)
  const environment = await openEnvironment(node)
  try {
    const owned = await own(environment, node, nodeId)
    if (owned !== undefined) return driveNode(environment, Tally.open(node), lock, owned, fault)
  } catch (cause) {
    await environment.close()
    throw storageError(cause)
  }
  await environment.close()
  return undefined
}

async function create(folder: string, made: NewNode, first: PersistUnit | undefined, fault: Fault): Promise<Storage> {
  const { nodeId, clusterId, keys } = made
  const node = nodeFolder(folder, nodeId)
  makeFolder(folder)
  const lock = await tryLock(lockOf(node))
  if (lock === undefined) throw new StorageError('Exists', `the node ${nodeId} is being driven`)
  const storage = await orLetGo(lock, async () => {
    const others = await readAll(folder)
    const isThere = (other: Found): boolean => ('node' in other ? other.node.nodeId : other.nodeId) === nodeId
    if (others.some(isThere)) throw new StorageError('Exists', `the node ${nodeId} exists`)
    removeFolder(node)
    try {
      const wrong = fault()
      if (wrong !== undefined) throw wrong
      const created = (inOrder(others).at(-1)?.created ?? -1) + 1
      const identity = { nodeId, clusterId, created, keys: keys && exportKeys(keys) }
      const state = first === undefined ? { ...nothing, units: 1 } : stateAfter(first, nothing)
      const environment = await makeEnvironment(node)
      try {
        Tally.create(node).close()
        syncFolder(node)
        // One transaction: a database has an identity and its first unit, or nothing.
        await environment.writeIf(0, versionOf(state), STATE, [
          { key: IDENTITY, record: encodeIdentity(identity) },
          ...(first === undefined ? [] : writesOf(first, nothing)),
          { key: STATE, record: encodeState(state) },
        ])
        const owned = await own(environment, node, nodeId)
        if (owned !== undefined) return driveNode(environment, Tally.open(node), lock, owned, fault)
        throw new StorageError('Unavailable', 'the database vanished while it was made')
      } catch (cause) {
        await environment.close()
        throw cause
      }
    } catch (cause) {
      removeFolder(node)
      throw storageError(cause)
    }
  })
  return storage
}

const nothing: StateRecord = {
  units: 0,
  ownerEpoch: 0,
  currentTerm: 0,
  votedFor: undefined,
  commitIndex: undefined,
  snapshotIndex: 0,
  lastIndex: 0,
}

/** Under the node's own lock, so that nobody's database is deleted under him. */
async function remove(folder: string, nodeId: NodeId): Promise<boolean> {
  const node = nodeFolder(folder, nodeId)
  makeFolder(folder)
  const lock = await tryLock(lockOf(node))
  if (lock === undefined) return false
  try {
    removeFolder(node)
    return true
  } catch (cause) {
    throw storageError(cause)
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
