/**
 * A device: the disks of the nodes that were ever driven on it, which outlive every page. A write is pending until the
 * disk has had its time; a power cut keeps some of the oldest pending ones and loses the rest.
 */
import {
  type Identity,
  type NewNode,
  type RoomStorage,
  type Storage,
  StorageError,
  type StorageErrorKind,
  storedNode,
} from '@flotilla/cluster'
import type { NodeId, PersistUnit } from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import { Disk } from '../world/disk.ts'
import type { Page } from './page.ts'
import type { Timeline } from './timeline.ts'

export interface DiskConditions {
  readonly leastMs: number
  readonly typicalMs: number
}

export interface DiskWatch {
  /** A driver opens the node's database, and finds this. */
  opened(node: NodeId, disk: Disk): void
  /** The node hands a unit out to be written. */
  writing(node: NodeId, unit: PersistUnit): void
  /** The disk has the oldest unit that was handed out; `disk` does not show it yet. */
  becomingDurable(node: NodeId, unit: PersistUnit): void
  /** What was handed out and is not durable is lost. */
  lost(node: NodeId): void
  /** Its database is deleted, and with it this identity. */
  vanished(node: NodeId): void
}

interface Write {
  /** Makes it durable. */
  readonly take: () => void
  readonly isUnit: boolean
  readonly page: Page
  /** Of whoever makes it; `undefined`: it is made whoever owns the database. */
  readonly ownerEpoch: number | undefined
  readonly resolve: () => void
  readonly reject: (error: StorageError) => void
}

class NodeDisk {
  identity: Identity
  readonly keys: NewNode['keys']
  ownerEpoch = 0
  readonly image = new Disk()
  /** Oldest first. */
  readonly writes: Write[] = []
  driver: Driver | undefined = undefined
  /** In which page it was opened last. */
  owner: Page | undefined = undefined
  /** A node is one only once its first write is durable. */
  made = false
  /** Its records cannot be read. */
  isDamaged = false

  constructor(identity: Identity, keys: NewNode['keys']) {
    this.identity = identity
    this.keys = keys
  }
}

const isUnreadable = ({ isDamaged, image }: NodeDisk): boolean => isDamaged || !image.isSound

const damage = (nodeId: NodeId): StorageError => new StorageError('Corrupt', `the records of ${nodeId} cannot be read`)

interface Turn {
  readonly page: Page
  readonly begin: () => void
  readonly rob: () => void
  /** Rejects when somebody has taken it by force. */
  readonly robbed: Promise<never>
}

interface Driver extends Storage {
  readonly page: Page
  die(error: StorageError): void
}

/** A page that was killed in the middle of a step: what it asks for in what is left of it would stay with it for ever. */
const nothingForTheDead = new Promise<never>(() => {})

export class Device {
  readonly disks = new Map<NodeId, NodeDisk>()
  /** The disk takes so many times longer. */
  slowness = 1
  /** A database is opened in this page, which before was driven in that one, if in any. */
  onOpened: (now: Page, before: Page | undefined) => void = () => {}
  /** The next write fails so, and all later ones of its driver. */
  nextFailure: StorageErrorKind | undefined = undefined
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #conditions: DiskConditions
  readonly #watch: DiskWatch
  #calm = false
  #busyUntil = 0
  /** Whose turn it is to decide, and who waits for theirs. */
  readonly #turns: Turn[] = []

  constructor(timeline: Timeline, random: Random, conditions: DiskConditions, watch: DiskWatch) {
    this.#timeline = timeline
    this.#random = random
    this.#conditions = conditions
    this.#watch = watch
  }

  /** A node of it has been admitted, and will know. */
  get belongsToCluster(): boolean {
    return [...this.disks.values()].some(({ made, identity }) => made && identity.clusterId !== undefined)
  }

  /** In which page the node's database was opened last. */
  ownerOf(nodeId: NodeId): Page | undefined {
    return this.disks.get(nodeId)?.owner
  }

  /** `byForce`: turns and databases are taken from whoever has them. */
  shelf(page: Page, byForce = false): RoomStorage {
    return {
      exclusively: async decide => {
        const turn = await this.#turn(page, byForce)
        try {
          // Who is robbed of its turn is told so, and goes on with what it has begun.
          return await Promise.race([decide(), turn.robbed])
        } finally {
          this.#end(turn)
        }
      },
      survey: async () => {
        const made = [...this.disks.values()].filter(disk => disk.made)
        return {
          nodes: made.filter(disk => !isUnreadable(disk)).map(({ identity, image }) => storedNode(identity, image)),
          damaged: made.filter(isUnreadable).map(({ identity: { nodeId } }) => ({ nodeId, error: damage(nodeId) })),
        }
      },
      claim: async nodeId => {
        if (!page.isAlive) return nothingForTheDead
        const disk = this.disks.get(nodeId)
        if (disk?.made !== true || (disk.driver !== undefined && !byForce)) return undefined
        if (isUnreadable(disk)) throw damage(nodeId)
        return disk.driver === undefined ? this.#drive(disk, page) : this.#rob(disk, page)
      },
      remove: async nodeId => {
        const disk = this.disks.get(nodeId)
        if (disk?.driver !== undefined) return false
        if (disk !== undefined) this.#watch.vanished(nodeId)
        this.disks.delete(nodeId)
        return true
      },
      create: async ({ nodeId, clusterId, keys }, first) => {
        if (this.disks.has(nodeId)) throw new StorageError('Exists', `the node ${nodeId} exists`)
        const failure = this.#takeFailure(page)
        if (failure !== undefined) throw failure
        const disk = new NodeDisk({ nodeId, clusterId }, keys)
        this.disks.set(nodeId, disk)
        await this.#write(disk, page, undefined, () => {
          disk.made = true
          if (first === undefined) return
          disk.image.begin(first)
          disk.image.flush()
        })
        return page.isAlive ? this.#drive(disk, page) : nothingForTheDead
      },
    }
  }

  /** The page is gone: whatever it drove is free, and whatever it held up goes on. */
  letGo(page: Page): void {
    const isIts = ({ driver, writes }: NodeDisk): boolean =>
      driver === undefined ? writes.some(write => write.page === page) : driver.page === page
    this.#cutOff([...this.disks.values()].filter(isIts), page)
    for (const turn of this.#turns.filter(waiting => waiting.page === page)) this.#end(turn)
  }

  /** The power is gone: of the writes under way the oldest may have been made. Drivers are told if their page lives. */
  cutPower(): void {
    this.#cutOff([...this.disks.values()])
  }

  /** `page`: only what is this one's. */
  #cutOff(disks: readonly NodeDisk[], page?: Page): void {
    const error = new StorageError('Unavailable', 'the power was cut')
    for (const disk of disks) {
      const all = disk.writes.splice(0)
      const underWay = all.filter(write => page === undefined || write.page === page)
      disk.writes.push(...all.filter(write => !underWay.includes(write)))
      const kept = this.#random.int(underWay.length + 1)
      for (const { take } of underWay.slice(0, kept)) take()
      this.#watch.lost(disk.identity.nodeId)
      disk.driver?.die(error)
      // A page that lives holds its lock until it lets go of the database.
      if (disk.driver?.page.isAlive !== true) disk.driver = undefined
      // Nobody hears that a write was made whose disk went away.
      for (const { page, reject } of underWay) page.enter(() => reject(error))
    }
    for (const { made, identity } of disks) if (!made) this.disks.delete(identity.nodeId)
  }

  #turn(page: Page, byForce: boolean): Promise<Turn> {
    if (!page.isAlive) return nothingForTheDead
    return new Promise(resolve => {
      let rob = (): void => {}
      const robbed = new Promise<never>((_, reject) => {
        rob = () => page.enter(() => reject(new StorageError('Unavailable', 'somebody took the turn by force')))
      })
      robbed.catch(() => {})
      const turn: Turn = { page, begin: () => resolve(turn), rob, robbed }
      if (byForce) this.#turns.shift()?.rob()
      if (byForce) this.#turns.unshift(turn)
      else this.#turns.push(turn)
      if (this.#turns[0] === turn) turn.begin()
    })
  }

  #end(turn: Turn): void {
    const place = this.#turns.indexOf(turn)
    if (place < 0) return
    this.#turns.splice(place, 1)
    if (place === 0) this.#turns[0]?.begin()
  }

  /** Every database is deleted, as a browser may that runs out of room. */
  wipe(): void {
    this.cutPower()
    for (const nodeId of this.disks.keys()) this.#watch.vanished(nodeId)
    this.disks.clear()
  }

  /** From now on its records cannot be read. What its driver has in memory stays. */
  damage(nodeId: NodeId): void {
    const disk = this.disks.get(nodeId)
    if (disk === undefined) return
    disk.isDamaged = true
    // As good as lost: nobody will ever drive it again.
    this.#watch.vanished(nodeId)
  }

  /** One bit of an entry is not what was written. Every record has a checksum, so whoever opens the database notices. */
  flip(nodeId: NodeId, index: number, bit: number): void {
    const image = this.disks.get(nodeId)?.image
    image?.flip(index - image.firstIndex, bit)
  }

  /** Opens a node that somebody drives, as when the lock on it was broken. */
  async takeOver(page: Page, nodeId: NodeId): Promise<Storage> {
    const disk = this.disks.get(nodeId)
    if (disk === undefined) throw new StorageError('Unavailable', `there is no node ${nodeId}`)
    return this.#rob(disk, page)
  }

  /** Nothing that is not written yet will be for so long. */
  stand(ms: number): void {
    this.#busyUntil = Math.max(this.#busyUntil, this.#timeline.now) + ms
  }

  becomeCalm(): void {
    this.#calm = true
    this.slowness = 1
    this.nextFailure = undefined
    // What waits in a slow disk's queue need not wait for as long as that took.
    this.#busyUntil = this.#timeline.now
    for (const disk of this.disks.values()) for (const write of disk.writes) this.#finishInTime(disk, write)
  }

  /** What its driver has under way is in what is read, or will be refused; and its driver is told, if it can hear. */
  async #rob(disk: NodeDisk, page: Page): Promise<Storage> {
    const { driver } = disk
    const error = new StorageError('Fenced', `somebody took ${disk.identity.nodeId} by force`)
    driver?.page.enter(() => driver.die(error))
    return new Promise((resolve, reject) => {
      this.#write(disk, page, undefined, () => page.isAlive && resolve(this.#drive(disk, page))).catch(reject)
    })
  }

  #drive(disk: NodeDisk, page: Page): Storage {
    disk.ownerEpoch += 1
    this.onOpened(page, disk.owner)
    disk.owner = page
    this.#watch.opened(disk.identity.nodeId, disk.image)
    const driver = this.#newDriver(disk, page)
    disk.driver = driver
    return driver
  }

  #newDriver(disk: NodeDisk, page: Page): Driver {
    const { identity, keys, ownerEpoch } = disk
    let failure: StorageError | undefined
    let closing: Promise<void> | undefined
    let underWay: Promise<void> = Promise.resolve()
    let lose: (error: StorageError) => void = () => {}
    const lost = new Promise<StorageError>(resolve => {
      lose = resolve
    })
    const write = (isUnit: boolean, take: () => void): Promise<void> => {
      if (!page.emits()) return new Promise(() => {})
      if (failure !== undefined) return Promise.reject(failure)
      if (closing !== undefined) return Promise.reject(new StorageError('Closed', 'the storage is closed'))
      if (disk.ownerEpoch !== ownerEpoch)
        failure = new StorageError('Fenced', `opened as ${ownerEpoch}, and again since`)
      else failure = this.#takeFailure(page)
      if (failure?.kind === 'Fenced') lose(failure)
      if (failure !== undefined) return Promise.reject(failure)
      const durable = this.#write(disk, page, ownerEpoch, take, isUnit)
      underWay = durable.catch(() => undefined)
      return durable
    }
    const driver: Driver = {
      page,
      recovered: { identity, ownerEpoch, state: disk.image.recover(), ...(keys && { keys }) },
      lost,
      persist: unit => {
        if (!page.isAlive) return new Promise(() => {})
        if (disk.ownerEpoch === ownerEpoch) this.#watch.writing(identity.nodeId, unit)
        return write(true, () => {
          this.#watch.becomingDurable(identity.nodeId, unit)
          disk.image.begin(unit)
          disk.image.flush()
          this.#timeline.note(unit.token)
        })
      },
      setClusterId: clusterId => {
        const { nodeId, clusterId: current } = disk.identity
        if (current !== undefined && current !== clusterId) {
          return Promise.reject(new StorageError('Corrupt', `${nodeId} belongs to ${current}, not ${clusterId}`))
        }
        return write(false, () => {
          disk.identity = { nodeId, clusterId }
        })
      },
      refound: (clusterId, unit) => {
        this.#watch.writing(identity.nodeId, unit)
        return write(true, () => {
          this.#watch.becomingDurable(identity.nodeId, unit)
          disk.image.begin(unit)
          disk.image.flush()
          disk.identity = { nodeId: disk.identity.nodeId, clusterId }
        })
      },
      close: () => {
        closing ??= underWay.then(() => {
          if (disk.driver !== driver) return
          disk.driver = undefined
          this.#watch.lost(identity.nodeId)
        })
        return closing
      },
      die: error => {
        failure ??= error
        page.enter(() => lose(error))
      },
    }
    return driver
  }

  #takeFailure(page: Page): StorageError | undefined {
    const kind = this.nextFailure
    if (kind === undefined) return undefined
    this.nextFailure = undefined
    this.#timeline.tell(page.name, () => `cannot write: ${kind}`)
    return new StorageError(kind, 'the device fails')
  }

  #write(disk: NodeDisk, page: Page, ownerEpoch: number | undefined, take: () => void, isUnit = false): Promise<void> {
    return new Promise((resolve, reject) => {
      const write: Write = { take, isUnit, page, ownerEpoch, resolve, reject }
      disk.writes.push(write)
      this.#finishInTime(disk, write)
    })
  }

  #finishInTime(disk: NodeDisk, write: Write): void {
    this.#busyUntil = Math.max(this.#busyUntil, this.#timeline.now) + this.#takesMs()
    this.#timeline.at(this.#busyUntil, () => {
      if (disk.writes[0] !== write) return
      disk.writes.shift()
      const { page, take, isUnit, ownerEpoch, resolve, reject } = write
      if (ownerEpoch !== undefined && ownerEpoch !== disk.ownerEpoch) {
        const fenced = new StorageError('Fenced', `opened as ${ownerEpoch}, and since then as ${disk.ownerEpoch}`)
        return page.enter(() => reject(fenced))
      }
      take()
      this.#timeline.tell(page.name, () => (isUnit ? 'its disk finishes a unit' : 'its disk has its identity'))
      page.enter(resolve)
    })
  }

  #takesMs(): number {
    const { leastMs, typicalMs } = this.#conditions
    return this.#calm ? leastMs : this.#random.tail(leastMs, typicalMs) * this.slowness
  }
}
