/**
 * A room of simulated tabs, alone on their device or sharing it, in whose pages the real nodes run, opened by the same calls
 * as an application's. Decides nothing: when tabs open, crash and freeze, and what their clients ask, is others' business.
 */
import { FollowedMachine } from '@flotilla/client'
import {
  type Cluster,
  ClusterError,
  type ClusterOptions,
  type ClusterStatus,
  createCluster,
  joinCluster,
  openCluster,
  type RoomStorage,
  type StateMachine,
} from '@flotilla/cluster'
import type { NodeId, TraceEvent } from '@flotilla/core'
import { hasMajority } from '../driver/faults.ts'
import { mix } from '../ground/hash.ts'
import type { Random } from '../ground/random.ts'
import type { Violation } from '../invariants/invariant.ts'
import { Marks } from '../world/marks.ts'
import { ExactlyOnce } from './checks/exactly-once.ts'
import { RaftWatch } from './checks/raft-watch.ts'
import { SessionEnds } from './checks/session-ends.ts'
import { Settling } from './checks/settling.ts'
import { StateAgreement } from './checks/state-agreement.ts'
import { Device } from './device.ts'
import { History } from './history.ts'
import type { RuntimeMarkName } from './marks.ts'
import type { RuntimeMix } from './mix.ts'
import { type Ending, Page } from './page.ts'
import { PageClock } from './page-clock.ts'
import type { Port } from './port.ts'
import { RareThings } from './rare-things.ts'
import { hastyKey, type MachineWatch, type PaddedCommand, RegisterMachine, refusedKey } from './register-machine.ts'
import { RoomNetwork } from './room-network.ts'
import { Timeline } from './timeline.ts'

/** What a test breaks on purpose, to see it found. */
export interface Plants {
  readonly cluster?: (cluster: TabCluster, tab: OpenTab) => TabCluster
  readonly machine?: (machine: RegisterMachine) => StateMachine<PaddedCommand, number>
  readonly shelf?: (shelf: RoomStorage) => RoomStorage
}

export type TabCluster = Cluster<PaddedCommand, number>

/** A page, and the node in it once it is open. */
export interface OpenTab {
  readonly page: Page
  readonly clock: PageClock
  readonly machine: RegisterMachine
  /** The node's own, around `machine`. */
  readonly followed: FollowedMachine<PaddedCommand, number>
  cluster: TabCluster | undefined
  /** It is closing as a tab does that has the time. */
  isLeaving: boolean
}

export interface Tab {
  readonly index: number
  readonly name: string
  readonly device: Device
  open: OpenTab | undefined
  /** So many pages so far. */
  pages: number
}

/** A few commands: whoever is away for a moment begins with a snapshot. */
const mostKeptBytes = 2_000

/** Far more than everything that a room can have to do at one moment, with every page thawing. */
const mostEventsAtOnce = 20_000

/** After so many events one node is looked at. */
const lookEvery = 8

export const roomName = 'simulated'

const relayedMarks = {
  'server carries': 'link carried by a server',
  'member carries': 'link carried by a member',
  'lost with its carrier': 'relayed link lost with its carrier',
  moved: 'relayed link became direct',
} as const

const liedMarks = {
  'who is there': 'node not told who is there',
  'who is not there': 'node told of somebody who is not there',
  'what two say': 'introduction swallowed',
} as const

export class Room {
  readonly timeline = new Timeline()
  readonly mix: RuntimeMix
  readonly tabs: Tab[] = []
  readonly network: RoomNetwork
  readonly history = new History()
  readonly violations: Violation[] = []
  readonly watch = new RaftWatch(violation => this.report(violation.property, violation.detail))
  readonly exactlyOnce = new ExactlyOnce(detail => this.report('Exactly Once', detail))
  readonly settling = new Settling()
  readonly marks = new Marks<RuntimeMarkName>()
  readonly sessionEnds: SessionEnds
  readonly rareThings: RareThings
  /** Hears what every node tells, in the order in which it does. */
  onTrace: ((event: TraceEvent) => void) | undefined = undefined
  onOpened: (tab: Tab, open: OpenTab) => void = () => {}
  /** A device is about to lose everything, or to forget its node. */
  onDiskLost: () => void = () => {}
  isCalm = false
  /** Faults and requests so far, left out or not, and what each was. */
  readonly happenings: string[] = []
  readonly #leftOut: ReadonlySet<number>
  readonly #random: Random
  readonly #plants: Plants
  /** The chain of hashes that the machines had after each command, by whoever applied it first. */
  readonly #chains = new Map<number, number>([[0, 0]])
  readonly #digests = new StateAgreement(detail => this.report('State Digests', detail))
  /** Somebody has made the cluster. */
  #isFounded = false

  constructor(mix: RuntimeMix, random: Random, plants: Plants, leftOut: ReadonlySet<number>) {
    this.mix = mix
    this.#leftOut = leftOut
    this.#random = random
    this.#plants = plants
    this.sessionEnds = new SessionEnds(mix.maxSessions, detail => this.report('Session Ends', detail))
    this.rareThings = new RareThings(this.marks, this.sessionEnds)
    const { watch, rareThings } = this
    this.network = new RoomNetwork(this.timeline, random.fork('network'), mix.network, {
      sent: (from, message) => {
        watch.sent(from, message)
        if (message.type === 'AppendEntries' && message.entries.length > 0 && this.network.isRelayed(from, message.to))
          this.marks.sometimes('entries replicated over a relayed link')
      },
      said: (from, to, body) => {
        rareThings.said(from, to, body)
        if (body.kind === 'digest') this.#digests.told(from, body.index, body.digest)
        if (body.kind === 'propose' && this.network.isRelayed(from, to))
          this.marks.sometimes('command forwarded over a relayed link')
      },
      relayed: what => this.marks.sometimes(relayedMarks[what]),
      lied: about => this.marks.sometimes(liedMarks[about]),
      unreadable: (from, reason) => watch.unreadable(from, reason),
    })
    watch.onCommitted = entry => {
      rareThings.committed(entry)
      if (entry.kind === 'configuration') this.#lookWhoVotes(entry.data.voters)
    }
    this.timeline.settled = () => this.#settled()
  }

  report(property: string, detail: string): void {
    this.violations.push({ property, detail })
  }

  /** Something is about to happen to the room. Gives its number, unless it is to be left out. */
  happens(what: string): number | undefined {
    const number = this.happenings.push(what)
    return this.#leftOut.has(number) ? undefined : number
  }

  addTab(): Tab {
    const index = this.tabs.length
    const shared = index % this.mix.tabsPerDevice === 0 ? undefined : this.tabs[index - 1]?.device
    const device = shared ?? new Device(this.timeline, this.#random.fork(`disk/${index}`), this.mix.disk, this.watch)
    const tab: Tab = { index, name: `t${index + 1}`, device, open: undefined, pages: 0 }
    this.tabs.push(tab)
    return tab
  }

  /** Opens the tab, if it is not open: the first one makes the room, the others join. */
  openTab(tab: Tab): void {
    if (tab.open !== undefined) return
    const page = new Page(this.timeline, tab.index, ++tab.pages)
    const clock = new PageClock(this.timeline, page)
    page.onThawed = () => clock.rearm()
    const machine = new RegisterMachine(this.watchOf(page))
    const followed = new FollowedMachine(this.#plants.machine?.(machine) ?? machine, mostKeptBytes)
    const open: OpenTab = { page, clock, machine, followed, cluster: undefined, isLeaving: false }
    tab.open = open
    const ports: Port[] = []
    const newPort = (): Port => {
      if (ports.some(port => !port.isClosed)) this.marks.sometimes('tab stood in for a voter that had left')
      const port = this.network.transport(page)
      ports.push(port)
      return port
    }
    page.onKilled = how => {
      this.#noticeDeath(open, how)
      for (const port of ports) port.vanish()
      tab.device.letGo(page)
      if (tab.open === open) tab.open = undefined
    }
    const random = this.#random.fork(`page/${tab.index}/${page.number}`)
    const options: ClusterOptions<PaddedCommand, number> = {
      room: roomName,
      storage: () => this.#plants.shelf?.(tab.device.shelf(page)) ?? tab.device.shelf(page),
      transport: newPort,
      machine: followed,
      clock,
      random: () => random.next(),
      randomBytes: count => Uint8Array.from({ length: count }, () => random.int(256)),
      raft: this.mix.raft,
      autopilot: this.mix.autopilot,
      isLasting: this.lasts(tab),
      digestEveryEntries: this.mix.digestEveryEntries,
      maxSessions: this.mix.maxSessions,
      priority: random.chance(0.2) ? random.int(3) : 0,
      describe: ({ operation, key }) => `r${key} = ${operation}`,
      onTrace: event => {
        if (!page.isAlive) return
        this.watch.traced(event)
        this.rareThings.traced(event)
        this.onTrace?.(event)
      },
    }
    const how = this.#isFounded ? joinCluster : random.chance(0.5) ? openCluster : createCluster
    this.timeline.tell(tab.name, () => (this.#isFounded ? 'opens, and joins' : 'opens, and makes the room'))
    this.#isFounded = true
    this.settling.watch(
      page,
      'opening',
      this.timeline.now,
      how(options),
      cluster => {
        open.cluster = this.#plants.cluster?.(cluster, open) ?? cluster
        cluster.on('identity', () => this.marks.sometimes('tab became another node'))
        if (cluster.status().damaged.length > 0) this.marks.sometimes('damaged database passed over')
        this.onOpened(tab, open)
      },
      error => {
        this.timeline.tell(tab.name, () => `cannot open: ${error}`)
        if (!(error instanceof ClusterError)) this.report('Typed Errors', `${tab.name} cannot open: ${error}`)
        page.kill('because it cannot open')
      },
    )
  }

  /** The tab closes as a tab does that has the time to: goodbye, and what is under way is written. */
  leave(tab: Tab): void {
    const { open } = tab
    if (open?.cluster === undefined || open.isLeaving || open.page.isFrozen) return
    open.isLeaving = true
    if (open.cluster.status().role === 'leader') this.marks.sometimes('leader closed its tab')
    this.timeline.tell(tab.name, () => 'closes')
    const end = (): void => {
      open.page.kill('as it is closed')
    }
    this.settling.watch(open.page, 'closing', this.timeline.now, open.cluster.close(), end, end)
  }

  /** It is an edge node. */
  lasts({ index }: Tab): boolean {
    return index >= 1 && index <= this.mix.lasting
  }

  /** Of the node that runs in this page, if one does. */
  statusIn(page: Page): ClusterStatus | undefined {
    const tab = this.tabs.find(({ open }) => open?.page === page)
    return tab === undefined ? undefined : this.status(tab)
  }

  status(tab: Tab): ClusterStatus | undefined {
    return tab.open?.cluster?.status()
  }

  /** Who of them takes itself for the leader, of the latest term. */
  leader(among: readonly Tab[] = this.tabs): Tab | undefined {
    let best: { readonly tab: Tab; readonly term: number } | undefined
    for (const tab of among) {
      const status = this.status(tab)
      if (status?.state === 'running' && status.role === 'leader' && status.term > (best?.term ?? -1))
        best = { tab, term: status.term }
    }
    return best?.tab
  }

  /** The tabs of one browser. */
  tabsOf(device: Device): readonly Tab[] {
    return this.tabs.filter(tab => tab.device === device)
  }

  /** Whether those whose disks the other tabs have are a majority, in whatever configuration any of them goes by. */
  canDoWithout(missing: ReadonlySet<Tab>, lost?: NodeId): boolean {
    const there = new Set<NodeId>()
    for (const tab of this.tabs) {
      if (missing.has(tab)) continue
      for (const [id, { isDamaged }] of tab.device.disks) if (!isDamaged && id !== lost) there.add(id)
    }
    const holds = (id: NodeId): boolean => there.has(id)
    for (const { device } of this.tabs) {
      for (const id of device.disks.keys()) {
        const { log, durable } = this.watch.ghost.view(id)
        for (const placed of [log.configuration, durable.configuration]) {
          if (placed !== undefined && !hasMajority(placed.configuration, holds)) return false
        }
      }
    }
    return true
  }

  #lookWhoVotes(voters: readonly NodeId[]): void {
    const lasting = this.tabs.flatMap(tab => (this.lasts(tab) ? (tab.open?.cluster?.id ?? []) : []))
    const lastingVoters = voters.filter(id => lasting.includes(id)).length
    if (lastingVoters === 0) return
    if (lastingVoters === voters.length) this.marks.sometimes('nodes that last vote, and no tab')
    if (lastingVoters === 2 && voters.length === 3) this.marks.sometimes('tab votes as the third beside two that last')
  }

  #noticeDeath({ cluster }: OpenTab, how: Ending): void {
    if (cluster === undefined) return
    this.rareThings.died(cluster.id)
    if (how !== 'in the middle of a step') return
    this.marks.sometimes('killed between two effects')
    const { state, role } = cluster.status()
    if (state === 'running' && role === 'leader') this.marks.sometimes('leader killed between two effects')
  }

  /** What is to be seen of a machine in that page, a node's or a copy of one. */
  watchOf(page: Page): MachineWatch {
    return {
      applied: (effect, chain) => {
        if (!page.isAlive) return
        this.exactlyOnce.applied(page.name, effect)
        if (effect.key === hastyKey) this.marks.sometimes('command refused by a machine that it had changed')
        if (effect.key !== refusedKey) this.#compare(page, effect.index, chain)
      },
      restored: (lastCommandIndex, chain) => {
        if (page.isAlive) this.#compare(page, lastCommandIndex, chain)
      },
      mute: () => this.marks.sometimes('snapshot that the machine could not give'),
    }
  }

  #compare(page: Page, index: number, chain: number): void {
    const first = this.#chains.get(index)
    if (first === undefined) this.#chains.set(index, chain)
    else if (first !== chain)
      this.report('Equal States', `${page.name} has another state after ${index} than others had`)
  }

  #settled(): void {
    const { events, eventsNow, now } = this.timeline
    if (eventsNow > mostEventsAtOnce)
      this.report('No Standstill', `${eventsNow} things happen at ${now} ms, and no end`)
    // Now and then, one after the other: every frame is noted as it is, and a status, which names every member, takes as long as most events do.
    if (events % lookEvery !== 0) return
    const status = this.tabs[(events / lookEvery) % this.tabs.length]?.open?.cluster?.status()
    if (status === undefined) return
    const { term, commitIndex, lastIndex, lastApplied } = status
    this.timeline.note(mix(mix(mix(mix(0, term), commitIndex), lastIndex), lastApplied))
  }
}
