/**
 * A tab in which somebody has made another cluster by the same room's name: the two meet, and must not mix. It comes when
 * every tab of the room knows which cluster it belongs to, and goes when one forgets: to join the neighbour's would be as right as any.
 */
import { type Cluster, createCluster } from '@flotilla/cluster'
import type { Random } from '../ground/random.ts'
import { RaftWatch } from './checks/raft-watch.ts'
import { Device } from './device.ts'
import { Page } from './page.ts'
import { PageClock } from './page-clock.ts'
import { type PaddedCommand, RegisterMachine, registerCount } from './register-machine.ts'
import { type Room, roomName, type Tab } from './room.ts'

/** Numbered after every tab, so that no cut between tabs is meant for it. */
const tabNumber = 90
const lookEveryMs = 300

export class Neighbour {
  readonly #room: Room
  readonly #random: Random
  #page: Page | undefined = undefined
  #cluster: Cluster<PaddedCommand, number> | undefined = undefined
  #writes = 0
  #stopped = false

  constructor(room: Room, random: Random) {
    this.#room = room
    this.#random = random
    room.onDiskLost = () => this.#go()
    room.timeline.every(
      () => random.tail(1, lookEveryMs),
      () => this.#next(),
      () => !this.#stopped,
    )
  }

  stop(): void {
    this.#stopped = true
  }

  /** What is wrong with either cluster now that they have met; `undefined` for nothing. */
  get fault(): string | undefined {
    const cluster = this.#cluster
    if (cluster === undefined) return undefined
    const { members } = cluster.status()
    if (members.length !== 1) return `the neighbour is one of ${members.length} members`
    const isMixed = this.#room.tabs.some(tab => this.#room.status(tab)?.members.some(({ id }) => id === cluster.id))
    return isMixed ? 'the neighbour is a member' : undefined
  }

  #next(): void {
    if (this.#page !== undefined) this.#write()
    else if (this.#room.tabs.every(tab => this.#belongs(tab))) this.#come()
  }

  /** It knows, and so does its disk. */
  #belongs({ device, open }: Tab): boolean {
    return device.belongsToCluster && open?.cluster?.status().clusterId !== undefined
  }

  #come(): void {
    const { timeline, network, settling, mix } = this.#room
    const random = this.#random.fork('node')
    const page = new Page(timeline, tabNumber, 1)
    const port = network.transport(page)
    page.onKilled = () => port.vanish()
    this.#page = page
    const watch = new RaftWatch(({ property, detail }) => this.#room.report(property, `the neighbour: ${detail}`))
    const device = new Device(timeline, random.fork('disk'), mix.disk, watch)
    const created = createCluster({
      room: roomName,
      storage: () => device.shelf(page),
      transport: () => port,
      machine: new RegisterMachine({ applied: () => {}, restored: () => {}, mute: () => {} }),
      clock: new PageClock(timeline, page),
      random: () => random.next(),
      randomBytes: count => Uint8Array.from({ length: count }, () => random.int(256)),
      raft: mix.raft,
      autopilot: mix.autopilot,
      onTrace: event => watch.traced(event),
    })
    settling.watch(page, 'opening', timeline.now, created, cluster => {
      this.#cluster = cluster
    })
  }

  #write(): void {
    const { timeline, settling, marks } = this.#room
    const [page, cluster] = [this.#page, this.#cluster]
    if (page === undefined || cluster === undefined) return
    if (cluster.peers().length > 0) marks.sometimes('two clusters met')
    const command: PaddedCommand = { operation: ++this.#writes, key: this.#random.int(registerCount), padding: 0 }
    settling.watch(
      page,
      'a write',
      timeline.now,
      cluster.propose(command),
      () => {},
      error => this.#room.report('Two Clusters', `the neighbour cannot write: ${error}`),
    )
  }

  /** A disk was lost, or a node left for good: its tab will ask whoever is there to be let in. */
  #go(): void {
    this.#page?.kill('by its user')
    this.#cluster = undefined
    this.#stopped = true
  }
}
