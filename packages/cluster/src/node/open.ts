/**
 * How a tab becomes a node. Create is not join: only a device that has nothing of the room may start a cluster, and only
 * when it is asked to; everybody else takes up a node that is free, or becomes a new one and asks to be let in.
 *
 * Everything is decided while no other tab of this device can decide too (`exclusively`), so two tabs that open at the
 * same moment make one cluster.
 */
import { initialConfiguration, type PersistUnit } from '@flotilla/core'
import { type Cluster, ClusterError, type ClusterOptions } from '../api.ts'
import type { Identity, RoomStorage, Storage } from '../storage.ts'
import { isRoomName, newClusterId, newNodeId, type RandomBytes, systemRandomBytes } from '../wire/identity.ts'
import { MAX_PRIORITY } from '../wire/limits.ts'
import { startNode } from './cluster.ts'

/**
 * Joins the room if this device has been in it, or creates it. Another device that opens a room of the same name creates
 * another cluster: use `joinCluster` where rooms are shared between devices.
 */
export function openCluster<Command, Result>(
  options: ClusterOptions<Command, Result>,
): Promise<Cluster<Command, Result>> {
  return open(options, async (shelf, known) =>
    known.length === 0 ? bootstrap(shelf, options.randomBytes) : takeUpOrBecome(shelf, known, options),
  )
}

/** Starts a new cluster with this node alone. Rejects with `AlreadyExists` if this device has been in the room. */
export function createCluster<Command, Result>(
  options: ClusterOptions<Command, Result>,
): Promise<Cluster<Command, Result>> {
  return open(options, async (shelf, known) => {
    if (known.length > 0) throw new ClusterError('AlreadyExists', `this device has nodes of the room ${options.room}`)
    return bootstrap(shelf, options.randomBytes)
  })
}

/** Takes up a free node of this device, or becomes a new one that asks to be let in. Never starts a cluster. */
export function joinCluster<Command, Result>(
  options: ClusterOptions<Command, Result>,
): Promise<Cluster<Command, Result>> {
  return open(options, (shelf, known) => takeUpOrBecome(shelf, known, options))
}

async function open<Command, Result>(
  options: ClusterOptions<Command, Result>,
  decide: (shelf: RoomStorage, known: readonly Identity[]) => Promise<Storage>,
): Promise<Cluster<Command, Result>> {
  const { room } = options
  if (!isRoomName(room)) throw new ClusterError('InvalidRoom', 'a room is named by 1 to 64 of A–Z a–z 0–9 - _')
  if (options.priority !== undefined && !isPriority(options.priority)) {
    throw new RangeError(`priority must be a whole number from 0 to ${MAX_PRIORITY}, not ${options.priority}`)
  }
  const shelf = options.storage(room)
  let storage: Storage
  try {
    storage = await shelf.exclusively(async () => decide(shelf, await shelf.list()))
  } catch (cause) {
    if (cause instanceof ClusterError) throw cause
    throw new ClusterError('StorageFailed', 'no database can be opened', { cause })
  }
  return startNode(options, shelf, storage)
}

const isPriority = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= MAX_PRIORITY

/** The preferred node if it is free, else the longest-standing one that is; else a new one, of the same cluster if it is known. */
async function takeUpOrBecome(
  shelf: RoomStorage,
  known: readonly Identity[],
  {
    preferredNode,
    randomBytes = systemRandomBytes,
  }: Pick<ClusterOptions<never, never>, 'preferredNode' | 'randomBytes'>,
): Promise<Storage> {
  const inOrder = [...known].sort((a, b) => Number(b.nodeId === preferredNode) - Number(a.nodeId === preferredNode))
  for (const { nodeId } of inOrder) {
    const storage = await shelf.claim(nodeId)
    if (storage !== undefined) return storage
  }
  const clusterId = known.find(identity => identity.clusterId !== undefined)?.clusterId
  return shelf.create({ nodeId: newNodeId(randomBytes), clusterId })
}

/** A cluster of one: its log begins with the configuration that says so. */
function bootstrap(shelf: RoomStorage, randomBytes: RandomBytes = systemRandomBytes): Promise<Storage> {
  const nodeId = newNodeId(randomBytes)
  const first: PersistUnit = {
    token: 1,
    hardState: { currentTerm: 1, votedFor: undefined },
    snapshot: undefined,
    truncateFrom: 0,
    entries: [{ index: 1, term: 1, kind: 'configuration', data: initialConfiguration([nodeId]) }],
  }
  return shelf.create({ nodeId, clusterId: newClusterId(randomBytes) }, first)
}
