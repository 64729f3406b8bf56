/**
 * How a tab becomes a node. Create is not join: only a device that has nothing of the room may start a cluster, and only
 * when it is asked to; everybody else takes up a node that is free, or becomes a new one and asks to be let in.
 *
 * Everything is decided while no other tab of this device can decide too (`exclusively`), so two tabs that open at the
 * same moment make one cluster. Nothing of it may take for ever, and what fails leaves nothing behind.
 */
import { initialConfiguration, type PersistUnit } from '@flotilla/core'
import {
  type Cluster,
  ClusterError,
  type ClusterOptions,
  type NewIdentity,
  NodesDamaged,
  type OpeningStep,
} from '../api.ts'
import { type DamagedNode, type RoomStorage, type Storage, StorageError, type Survey } from '../storage.ts'
import { TransportError } from '../transport.ts'
import { isNodeId, newClusterId, newNodeId, systemRandomBytes } from '../wire/identity.ts'
import { checkOptions, DEFAULT_OPEN_TIMEOUT_MS } from './check-options.ts'
import { type OpenedNode, startNode } from './cluster.ts'
import { Patience } from './patience.ts'
import { Surroundings } from './surroundings.ts'
import { inOrderOfNeed } from './which-node.ts'

type Meet = NonNullable<ClusterOptions<never, never>['meet']>

/** @param ask lets others be asked, for as long as opening may take */
type Chooser = (shelf: RoomStorage, known: Survey, ask: (meet: Meet) => ReturnType<Meet>) => Promise<OpenedNode>

type Choose = Pick<ClusterOptions<never, never>, 'preferredNode' | 'randomBytes' | 'newIdentity'>

/**
 * Joins the room if this device has been in it, or creates it. Another device that opens a room of the same name creates
 * another cluster, unless `meet` says otherwise.
 *
 * Rejects with `NodesDamaged` where every node of this device is: whoever made a new one would wait for them for ever.
 */
export function openCluster<Command, Result>(
  options: ClusterOptions<Command, Result>,
): Promise<Cluster<Command, Result>> {
  return open(options, async (shelf, known, ask) => {
    if (await isToBeCreated(known, options.meet, ask)) return bootstrap(shelf, options)
    const taken = await takeUp(shelf, known, options)
    if (taken.storage !== undefined) return { ...taken, storage: taken.storage, isNew: false }
    const all = known.nodes.length + known.damaged.length
    if (all > 0 && all === taken.damaged.length) throw new NodesDamaged(taken.damaged)
    return become(shelf, known, taken.damaged, options)
  })
}

/** Nodes that belong to no cluster are nobody's: those who are to let them in may be gone for ever. */
async function isToBeCreated(
  { nodes, damaged }: Survey,
  meet: Meet | undefined,
  ask: (meet: Meet) => ReturnType<Meet>,
): Promise<boolean> {
  if (meet === undefined) return nodes.length + damaged.length === 0
  if (damaged.length > 0 || nodes.some(({ clusterId }) => clusterId !== undefined)) return false
  return (await ask(meet)) === 'create'
}

/** Starts a new cluster with this node alone. Rejects with `AlreadyExists` if this device has been in the room. */
export function createCluster<Command, Result>(
  options: ClusterOptions<Command, Result>,
): Promise<Cluster<Command, Result>> {
  return open(options, async (shelf, { nodes, damaged }) => {
    if (nodes.length + damaged.length > 0)
      throw new ClusterError('AlreadyExists', `this device has nodes of the room ${options.room}`)
    return bootstrap(shelf, options)
  })
}

/** Takes up a free node of this device, or becomes a new one that asks to be let in. Never starts a cluster. */
export function joinCluster<Command, Result>(
  options: ClusterOptions<Command, Result>,
): Promise<Cluster<Command, Result>> {
  return open(options, async (shelf, known) => {
    const taken = await takeUp(shelf, known, options)
    if (taken.storage !== undefined) return { ...taken, storage: taken.storage, isNew: false }
    return become(shelf, known, taken.damaged, options)
  })
}

/**
 * Deletes the database of a node of this device that no tab drives, damaged or not; says whether it is gone. For good: whatever only
 * it had is lost, and its vote too until it is removed from the room. Rejects with `InvalidRoom` or `StorageFailed`.
 */
export async function removeStoredNode(
  { room, storage }: Pick<ClusterOptions<never, never>, 'room' | 'storage'>,
  id: string,
): Promise<boolean> {
  checkOptions({ room })
  const shelf = storage(room)
  try {
    return await shelf.exclusively(() => shelf.remove(id))
  } catch (cause) {
    throw new ClusterError('StorageFailed', 'the database cannot be deleted', { cause })
  }
}

async function open<Command, Result>(
  options: ClusterOptions<Command, Result>,
  choose: Chooser,
): Promise<Cluster<Command, Result>> {
  checkOptions(options)
  const { openTimeoutMs = DEFAULT_OPEN_TIMEOUT_MS, signal } = options
  const surroundings = new Surroundings(options.clock)
  const { clock } = surroundings
  const patience = new Patience(clock, openTimeoutMs, signal)
  try {
    const shelf = options.storage(options.room)
    const opened = await openDatabase(shelf, patience, choose)
    try {
      return await startNode({ ...options, clock }, shelf, opened, patience, surroundings)
    } catch (error) {
      await putAway(shelf, opened)
      throw error
    }
  } catch (error) {
    surroundings.leave()
    throw error
  } finally {
    patience.stop()
  }
}

async function openDatabase(shelf: RoomStorage, patience: Patience, choose: Chooser): Promise<OpenedNode> {
  let step: OpeningStep = 'lock'
  const giveUp = new AbortController()
  const ask = async (meet: Meet): ReturnType<Meet> => {
    step = 'transport'
    const decision = await meet(giveUp.signal, why => patience.hindered(why))
    patience.hindered(undefined)
    step = 'disk'
    return decision
  }
  const late = (opened: OpenedNode): void => void putAway(shelf, opened)
  const turn = (): Promise<OpenedNode> => {
    patience.check(step)
    step = 'disk'
    // Here too, or a disk that never answers would keep its turn from all other tabs.
    return patience.wait(
      shelf.survey().then(known => {
        patience.check(step)
        return choose(shelf, known, ask)
      }),
      () => step,
      late,
    )
  }
  try {
    return await patience.wait(shelf.exclusively(turn), () => step, late)
  } catch (cause) {
    giveUp.abort()
    if (cause instanceof ClusterError) throw cause
    if (cause instanceof TransportError) throw new ClusterError('TransportFailed', 'nobody can be asked', { cause })
    throw new ClusterError('StorageFailed', 'no database can be opened', { cause })
  }
}

/** Closed, and deleted if it was only made for this: whoever opens the room next finds what there was before. */
async function putAway(shelf: RoomStorage, { storage, isNew }: OpenedNode): Promise<void> {
  await storage.close().catch(() => undefined)
  if (isNew) await shelf.remove(storage.recovered.identity.nodeId).catch(() => false)
}

/** The free node that is needed most and can be read, if there is one, and all that cannot be. */
async function takeUp(
  shelf: RoomStorage,
  known: Survey,
  { preferredNode }: Choose,
): Promise<{ readonly storage: Storage | undefined; readonly damaged: readonly DamagedNode[] }> {
  const damaged = [...known.damaged]
  for (const { nodeId } of inOrderOfNeed(known.nodes, preferredNode)) {
    try {
      const storage = await shelf.claim(nodeId)
      if (storage !== undefined) return { storage, damaged }
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      damaged.push({ nodeId, error })
    }
  }
  return { storage: undefined, damaged }
}

/** A new node, of the same cluster if that is known. */
async function become(
  shelf: RoomStorage,
  known: Survey,
  damaged: readonly DamagedNode[],
  options: Choose,
): Promise<OpenedNode> {
  const clusterId = known.nodes.find(identity => identity.clusterId !== undefined)?.clusterId
  return { storage: await shelf.create({ ...(await newIdentity(options)), clusterId }), damaged, isNew: true }
}

/** A cluster of one: its log begins with the configuration that says so. */
async function bootstrap(shelf: RoomStorage, options: Choose): Promise<OpenedNode> {
  const identity = await newIdentity(options)
  const first: PersistUnit = {
    token: 1,
    hardState: { currentTerm: 1, votedFor: undefined },
    snapshot: undefined,
    truncateFrom: 0,
    entries: [{ index: 1, term: 1, kind: 'configuration', data: initialConfiguration([identity.nodeId]) }],
  }
  const clusterId = newClusterId(options.randomBytes ?? systemRandomBytes)
  const storage = await shelf.create({ ...identity, clusterId }, first)
  return { storage, damaged: [], isNew: true }
}

async function newIdentity({ newIdentity, randomBytes = systemRandomBytes }: Choose): Promise<NewIdentity> {
  if (newIdentity === undefined) return { nodeId: newNodeId(randomBytes) }
  const identity = await newIdentity()
  if (isNodeId(identity.nodeId)) return identity
  throw new RangeError('a new node is named by 1 to 64 of A–Z a–z 0–9 - _')
}
