/**
 * Storage in memory: a device with a disk that can be slow, full or cut off, for tests, simulations and rooms that need
 * not outlive their tab. What is durable survives `crash`; what is under way does not.
 */
import type { Entry, HardState, NodeId, PersistUnit, Snapshot } from '@flotilla/core'
import {
  type Identity,
  type RoomStorage,
  type Storage,
  StorageError,
  type StorageErrorKind,
  storedNode,
} from '../storage.ts'

export interface MemoryDevice {
  /** A room of this device, as one tab has it. Every call is another tab on the same disks. */
  storage(room: string): RoomStorage
  /** Writes wait from now on. */
  hold(): void
  /** Lets those that wait become durable, in order, and all that follow. */
  release(): void
  /** How many writes are not yet durable. */
  pending(): number
  /** The next write to be made fails like this, and with it all later ones of the same driver. */
  failNextWrite(kind: StorageErrorKind): void
  /** A power cut, or the death of one node's driver: writes under way are lost, and the nodes can be claimed again. */
  crash(nodeId?: NodeId): void
  /** From now on the node's records cannot be read, whoever tries. What its driver has in memory stays. */
  damage(room: string, nodeId: NodeId, kind?: StorageErrorKind): void
  /** Opens a node that somebody is driving, as when the lock on it was broken: the older driver is fenced from here on. */
  takeOver(room: string, nodeId: NodeId): Promise<Storage>
}

/** What is durable of one node, and who drives it. */
interface Disk {
  identity: Identity
  readonly keys: CryptoKeyPair | undefined
  ownerEpoch: number
  hardState: HardState
  snapshot: Snapshot | undefined
  readonly entries: Entry[]
  /** A node is one only once its first unit is durable. */
  made: boolean
  damage: StorageErrorKind | undefined
  driver: Driver | undefined
}

interface Driver extends Storage {
  die(error: StorageError): void
}

/** Makes a change durable, or throws and makes nothing durable. `fault`: what the test wants to go wrong. */
type Change = (fault: StorageError | undefined) => void

interface Write {
  readonly disk: Disk
  finish(fault: StorageError | undefined): void
  abandon(error: StorageError): void
}

export function memoryDevice(): MemoryDevice {
  const rooms = new Map<string, Map<NodeId, Disk>>()
  const queues = new Map<string, Promise<unknown>>()
  let writes: Write[] = []
  let held = false
  let fault: StorageError | undefined

  return { storage, hold, release, pending: () => writes.length, failNextWrite, crash, damage, takeOver }

  function storage(room: string): RoomStorage {
    const disks = disksOf(room)
    return {
      async exclusively(decide) {
        const turn = (queues.get(room) ?? Promise.resolve()).then(decide)
        queues.set(
          room,
          turn.catch(() => undefined),
        )
        return turn
      },
      async survey() {
        const made = [...disks.values()].filter(disk => disk.made)
        return {
          nodes: made.filter(disk => disk.damage === undefined).map(disk => storedNode(disk.identity, disk)),
          damaged: made
            .map(disk => ({ nodeId: disk.identity.nodeId, error: damageOf(disk) }))
            .flatMap(({ nodeId, error }) => (error === undefined ? [] : [{ nodeId, error }])),
        }
      },
      async claim(nodeId) {
        const disk = disks.get(nodeId)
        if (!disk?.made || disk.driver !== undefined) return undefined
        const error = damageOf(disk)
        if (error !== undefined) throw error
        return drive(disk)
      },
      async remove(nodeId) {
        if (disks.get(nodeId)?.driver !== undefined) return false
        disks.delete(nodeId)
        return true
      },
      async create({ nodeId, clusterId, keys }, first) {
        if (disks.has(nodeId)) throw new StorageError('Exists', `the node ${nodeId} exists`)
        const disk = emptyDisk({ nodeId, clusterId }, keys)
        disks.set(nodeId, disk)
        try {
          await commit(disk, fails => {
            if (fails !== undefined) throw fails
            if (first !== undefined) writeUnit(disk, first)
            disk.made = true
          })
          return drive(disk)
        } catch (error) {
          disks.delete(nodeId)
          throw error
        }
      },
    }
  }

  function drive(disk: Disk): Storage {
    disk.ownerEpoch += 1
    disk.driver = openDisk(disk, change => commit(disk, change))
    return disk.driver
  }

  function commit(disk: Disk, change: Change): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish: Change = fails => {
        try {
          change(fails)
          resolve()
        } catch (error) {
          reject(error)
        }
      }
      writes.push({ disk, finish, abandon: reject })
      queueMicrotask(flush)
    })
  }

  function flush(): void {
    while (!held) {
      const write = writes.shift()
      if (write === undefined) return
      const fails = fault
      fault = undefined
      write.finish(fails)
    }
  }

  function hold(): void {
    held = true
  }

  function release(): void {
    held = false
    flush()
  }

  function failNextWrite(kind: StorageErrorKind): void {
    fault = new StorageError(kind, 'the device was told to fail')
  }

  function crash(nodeId?: NodeId): void {
    const error = new StorageError('Unavailable', 'the power was cut')
    const hit = (disk: Disk): boolean => nodeId === undefined || nodeId === disk.identity.nodeId
    const lost = writes.filter(write => hit(write.disk))
    writes = writes.filter(write => !hit(write.disk))
    for (const disk of [...rooms.values()].flatMap(disks => [...disks.values()]).filter(hit)) {
      disk.driver?.die(error)
      disk.driver = undefined
    }
    for (const write of lost) write.abandon(error)
  }

  function damage(room: string, nodeId: NodeId, kind: StorageErrorKind = 'Corrupt'): void {
    const disk = disksOf(room).get(nodeId)
    if (disk !== undefined) disk.damage = kind
  }

  async function takeOver(room: string, nodeId: NodeId): Promise<Storage> {
    const disk = disksOf(room).get(nodeId)
    if (disk === undefined) throw new StorageError('Unavailable', `there is no node ${nodeId}`)
    return drive(disk)
  }

  function disksOf(room: string): Map<NodeId, Disk> {
    const disks = rooms.get(room) ?? new Map<NodeId, Disk>()
    rooms.set(room, disks)
    return disks
  }
}

function openDisk(disk: Disk, commit: (change: Change) => Promise<void>): Driver {
  const { identity, keys, ownerEpoch, hardState, snapshot } = disk
  const state = { ...hardState, snapshot, entries: [...disk.entries] }
  let failure: StorageError | undefined
  let closing: Promise<void> | undefined
  let underWay: Promise<void> = Promise.resolve()
  let lose: (error: StorageError) => void = () => {}
  const lost = new Promise<StorageError>(resolve => {
    lose = resolve
  })
  const recovered = { identity, ownerEpoch, state, ...(keys && { keys }) }
  const driver: Driver = { recovered, persist, setClusterId, refound, close, lost, die }
  return driver

  function persist(unit: PersistUnit): Promise<void> {
    return write(() => writeUnit(disk, unit))
  }

  async function setClusterId(clusterId: string): Promise<void> {
    const { nodeId, clusterId: current } = disk.identity
    if (current !== undefined && current !== clusterId) {
      throw new StorageError('Corrupt', `${nodeId} belongs to cluster ${current}, not ${clusterId}`)
    }
    return write(() => {
      disk.identity = { nodeId, clusterId }
    })
  }

  function refound(clusterId: string, unit: PersistUnit): Promise<void> {
    return write(() => {
      writeUnit(disk, unit)
      disk.identity = { nodeId: disk.identity.nodeId, clusterId }
    })
  }

  function close(): Promise<void> {
    closing ??= underWay.then(() => {
      if (disk.driver === driver) disk.driver = undefined
    })
    return closing
  }

  function write(change: () => void): Promise<void> {
    if (failure !== undefined) return Promise.reject(failure)
    if (closing !== undefined) return Promise.reject(new StorageError('Closed', 'the storage is closed'))
    const durable = commit(fault => {
      if (disk.ownerEpoch !== ownerEpoch) die(new StorageError('Fenced', `opened as ${ownerEpoch}, and again since`))
      else if (fault !== undefined) die(fault)
      if (failure !== undefined) throw failure
      change()
    })
    underWay = durable.catch(() => undefined)
    return durable
  }

  /** The first failure is the storage's: nothing can be written after a unit that was not. */
  function die(error: StorageError): void {
    failure ??= error
    if (failure.kind === 'Fenced' || failure.kind === 'Unavailable') lose(failure)
  }
}

const emptyDisk = (identity: Identity, keys: CryptoKeyPair | undefined): Disk => ({
  identity,
  keys,
  ownerEpoch: 0,
  hardState: { currentTerm: 0, votedFor: undefined },
  snapshot: undefined,
  entries: [],
  made: false,
  damage: undefined,
  driver: undefined,
})

function damageOf({ damage, identity }: Disk): StorageError | undefined {
  return damage && new StorageError(damage, `the records of ${identity.nodeId} cannot be read`)
}

/** In the order of the unit's fields. */
function writeUnit(disk: Disk, unit: PersistUnit): void {
  const { entries } = disk
  disk.hardState = unit.hardState ?? disk.hardState
  if (unit.snapshot !== undefined) {
    entries.splice(0, Math.max(0, unit.snapshot.index + 1 - firstIndex(disk)))
    disk.snapshot = unit.snapshot
  }
  if (unit.truncateFrom > 0) entries.splice(Math.max(0, unit.truncateFrom - firstIndex(disk)))
  for (const entry of unit.entries) {
    const next = firstIndex(disk) + entries.length
    if (entry.index !== next) throw new Error(`unit ${unit.token} has entry ${entry.index} where ${next} belongs`)
    entries.push(entry)
  }
}

const firstIndex = (disk: Disk): number => (disk.snapshot?.index ?? 0) + 1
