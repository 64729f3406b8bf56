/**
 * A node in Node.js that joins a room by its link, as a tab does: the same cluster, the same keys and approval, and a disk that is there when
 * all tabs are closed. Without the application's machine it carries the room (`carrier`).
 */
import { join, resolve } from 'node:path'
import { FollowedMachine, serveClients, tellPeers } from '@flotilla/client'
import {
  type Cluster,
  ClusterError,
  type ClusterOptions,
  type ClusterStatus,
  carrier,
  joinCluster,
  openCluster,
  type StateMachine,
  StorageError,
  systemClock,
  TransportError,
} from '@flotilla/cluster'
import { makeFolder, roomFolder } from '../storage/folders.ts'
import { type HeldLock, tryLock } from '../storage/lock.ts'
import { lmdbStorage } from '../storage/shelf.ts'
import { EdgeNodeError } from './edge-node-error.ts'
import { guardedStorage, refusal } from './guarded-storage.ts'
import { KnownKey } from './known-key.ts'
import { askRoomHost, type RoomHost } from './room-host.ts'
import { parseRoomLink, type RoomLink } from './room-link.ts'
import { waysInto } from './room-ways.ts'
import { Timings } from './timings.ts'

export interface EdgeNodeOptions<Command = never, Result = never>
  extends Pick<
    ClusterOptions<Command, Result>,
    'priority' | 'openTimeoutMs' | 'raft' | 'autopilot' | 'isLasting' | 'signal' | 'onTrace' | 'describe'
  > {
  /** The room's, as a tab shows it: the page with `#room=…&key=…`. */
  readonly link: string
  /** For this node alone; made if it is not there. */
  readonly dataDir: string
  /**
   * The application's own, so that this node answers for it and keeps its log short. Default: it carries the room without
   * understanding it, and its log grows.
   */
  readonly machine?: StateMachine<Command, Result>
  /** `ws://` or `wss://` of the room's signalling server. Default: what the link's page names. */
  readonly signaling?: string
  /** Of NATS servers, instead or as well. */
  readonly nats?: readonly string[]
  readonly iceServers?: readonly RTCIceServer[]
  readonly iceTransportPolicy?: RTCIceTransportPolicy
  /** For a server on one's own network with a certificate of its own. What is signalled is sealed in any case. Default: false. */
  readonly trustAnyCertificate?: boolean
  /**
   * `join` (default): waits for the room's members. `open`: makes the room if nobody is there, which must not be asked for
   * where somebody may only be away: it would become two rooms that do not mix.
   */
  readonly start?: 'join' | 'open'
}

export interface EdgeNode<Command = never, Result = never> {
  readonly cluster: Cluster<Command, Result>
  readonly link: RoomLink
  readonly isCarrier: boolean
  status(): ClusterStatus
  /** Why the link's key may be wrong, and what to do about it; for people. `undefined` while nothing speaks against it. */
  otherKey(): string | undefined
  /** How long each write took to be on the disk. */
  readonly writes: Timings
  /** Goodbye, hands leadership over, and lets go of the room and the disk. It stays a member. Twice is once. */
  close(): Promise<void>
}

/** A long log is read twice before it is believed, and nobody sits in front of it. Milliseconds. */
const OPEN_WITHIN_MS = 300_000

/** As pages cut a name that becomes longer. */
const MAX_ROOM_NAME = 64

/** Rejects with an EdgeNodeError. */
export async function openEdgeNode<Command = never, Result = never>(
  options: EdgeNodeOptions<Command, Result>,
): Promise<EdgeNode<Command, Result>> {
  const asGiven = parseRoomLink(options.link)
  const dataDir = resolve(options.dataDir)
  const { trustAnyCertificate = false, start = 'join', machine = carrier } = options
  const host = await hostOf(asGiven, options, trustAnyCertificate)
  const link = { ...asGiven, room: `${host.roomPrefix}${asGiven.room}`.slice(0, MAX_ROOM_NAME) }
  const lock = await lockData(dataDir)
  try {
    let cluster: Cluster<Command, Result> | undefined
    const isSettled = (): boolean => cluster?.status().clusterId !== undefined
    const ways = await waysInto(link, host, { trustAnyCertificate, isSettled })
    const writes = new Timings()
    const isCarrier = machine.isCarrier === true
    // Who understands the room answers clients that are no members, too.
    const followed = isCarrier ? undefined : new FollowedMachine(machine)
    const open = start === 'open' ? openCluster<Command, Result> : joinCluster<Command, Result>
    const { priority, openTimeoutMs, raft, autopilot, isLasting = true, signal, onTrace, describe } = options
    cluster = await open({
      room: link.room,
      storage: guardedStorage(lmdbStorage(dataDir), dataDir, writes),
      machine: followed ?? machine,
      whenUnreachable: 'run',
      isLasting,
      openTimeoutMs: OPEN_WITHIN_MS,
      ...ways,
      ...(priority !== undefined && { priority }),
      ...(openTimeoutMs !== undefined && { openTimeoutMs }),
      ...(raft && { raft }),
      ...(autopilot && { autopilot }),
      ...(signal && { signal }),
      ...(onTrace && { onTrace }),
      ...(describe && { describe }),
    })
    // It leads if nobody else can: who understands the commands answers for them at once.
    if (isCarrier) cluster.setVisible(false)
    const clock = systemClock()
    serveClients(cluster, followed, clock)
    tellPeers(cluster, clock)
    const otherKey = watchKey(cluster, link, new KnownKey(roomFolder(dataDir, link.room), link.key))
    return edgeNode(cluster, { link, isCarrier, writes, otherKey, lock })
  } catch (cause) {
    await lock.release()
    throw asEdgeNodeError(cause, dataDir)
  }
}

function edgeNode<Command, Result>(
  cluster: Cluster<Command, Result>,
  { lock, ...known }: Pick<EdgeNode, 'link' | 'isCarrier' | 'writes' | 'otherKey'> & { readonly lock: HeldLock },
): EdgeNode<Command, Result> {
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await takeLeave(cluster)
    await cluster.close()
    await lock.release()
  }
  return {
    cluster,
    ...known,
    status: () => cluster.status(),
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

/** Learns which key the room has, and says what is to be said of the link's. */
function watchKey(
  cluster: Pick<Cluster<never, never>, 'status' | 'on'>,
  link: RoomLink,
  known: KnownKey,
): EdgeNode['otherKey'] {
  const look = (): void => {
    const { clusterId, leader, key } = cluster.status()
    // Before that it may not have heard the latest, nor be in the room at all.
    if (clusterId === undefined || leader === undefined) return
    if (key !== undefined) known.learn(key)
    else if (!known.isKnown) known.learn(link.key)
  }
  cluster.on('status', look)
  look()
  return () => {
    if (!known.isOther) return undefined
    return cluster.status().key === undefined
      ? 'the link’s key is not the one by which this data directory was last in the room: whoever has the right link may not find this node. If no member was removed since then, start it with that link'
      : 'the room has another key than the link: start it with the link that the room’s pages show now'
  }
}

/** Less than an election timeout, after which the others would take us to be back. Milliseconds. */
const TAKE_OVER_WITHIN_MS = 400

/**
 * What is said last is lost where a connection ends right behind it: in a room of two the other would then wait for us for ever. So it
 * is waited for until the others say that they go on.
 */
async function takeLeave(
  cluster: Pick<Cluster<never, never>, 'id' | 'goodbye' | 'status' | 'peers' | 'on'>,
): Promise<void> {
  if (cluster.status().state !== 'running' || cluster.peers().length === 0) return
  const { leader, term } = cluster.status()
  await new Promise<void>(resolve => {
    const over = (): void => {
      clearTimeout(late)
      stopListening()
      resolve()
    }
    // A leader that stays has to hear of it, and no more.
    const late = setTimeout(over, leader === cluster.id ? TAKE_OVER_WITHIN_MS : TAKE_OVER_WITHIN_MS / 4)
    const stopListening = cluster.on('leader', now => {
      if (now.leader !== undefined && now.leader !== cluster.id && now.term !== term) over()
    })
    cluster.goodbye()
  })
}

/** As the page says, unless somebody knows better. @throws EdgeNodeError */
export async function hostOf(
  { page }: RoomLink,
  options: Pick<EdgeNodeOptions, 'signaling' | 'nats' | 'iceServers' | 'iceTransportPolicy'>,
  trustAnyCertificate: boolean,
): Promise<RoomHost> {
  const { signaling, nats = [], iceServers, iceTransportPolicy } = options
  const isGiven = signaling !== undefined || nats.length > 0
  if (signaling !== undefined && !/^wss?:\/\//.test(signaling)) {
    throw new EdgeNodeError(
      'InvalidOptions',
      `the signalling server’s address must begin with ws:// or wss://, not ${signaling}`,
    )
  }
  const told: RoomHost = isGiven
    ? { signaling, nats, iceServers: [], iceTransportPolicy: 'all', roomPrefix: '' }
    : await askRoomHost(page, trustAnyCertificate)
  return { ...told, ...(iceServers && { iceServers }), ...(iceTransportPolicy && { iceTransportPolicy }) }
}

/** A second process would become a second node, and neither would know. */
async function lockData(dataDir: string): Promise<HeldLock> {
  let lock: HeldLock | undefined
  try {
    makeFolder(dataDir)
    lock = await tryLock(join(dataDir, 'serving'))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new EdgeNodeError('DataUnavailable', `the data directory ${dataDir} cannot be used: ${why}`, { cause })
  }
  if (lock !== undefined) return lock
  throw new EdgeNodeError(
    'DataInUse',
    `another process uses ${dataDir}: stop it, or give this one a directory of its own`,
  )
}

export function asEdgeNodeError(cause: unknown, dataDir: string): EdgeNodeError {
  if (cause instanceof EdgeNodeError) return cause
  if (cause instanceof StorageError) return refusal(cause, dataDir)
  if (cause instanceof TransportError && cause.kind === 'Unsupported') {
    return new EdgeNodeError('Unsupported', cause.message, { cause })
  }
  if (cause instanceof ClusterError && cause.cause !== undefined && cause.cause !== cause) {
    const { kind } = cause
    if (kind === 'StorageFailed' || kind === 'TransportFailed') return asEdgeNodeError(cause.cause, dataDir)
  }
  const why = cause instanceof Error ? cause.message : String(cause)
  if (cause instanceof RangeError || cause instanceof TypeError)
    return new EdgeNodeError('InvalidOptions', why, { cause })
  return new EdgeNodeError('RoomUnreachable', `the room cannot be entered: ${why}`, { cause })
}
