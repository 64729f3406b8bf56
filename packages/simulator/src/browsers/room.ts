/**
 * A room of whole browsers in virtual time: what lies between them, and what is watched of them. Decides nothing: when tabs open, crash
 * and freeze, and what is done in them, are others' business.
 */
import type { HouseGround } from '@flotilla/browser-node/ground'
import type { OutboxStore, Port } from '@flotilla/client'
import type { ClusterErrorKind } from '@flotilla/cluster'
import type { TraceEvent } from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import type { Violation } from '../invariants/invariant.ts'
import { RaftWatch } from '../runtime/checks/raft-watch.ts'
import { Settling } from '../runtime/checks/settling.ts'
import type { Device } from '../runtime/device.ts'
import type { Page } from '../runtime/page.ts'
import type { Port as RoomPort } from '../runtime/port.ts'
import { RoomNetwork } from '../runtime/room-network.ts'
import { Timeline } from '../runtime/timeline.ts'
import { Marks } from '../world/marks.ts'
import type { Application } from './application.ts'
import { Ledger } from './checks/ledger.ts'
import { OneVoice } from './checks/one-voice.ts'
import type { BrowserMark } from './marks.ts'
import type { BrowsersMix } from './mix.ts'
import type { OpenTab, Tab } from './tab.ts'

/** What a test breaks on purpose, to see it found. */
export interface BrowserPlants {
  readonly store?: (store: OutboxStore, page: Page) => OutboxStore
  readonly ground?: (ground: HouseGround, thread: Page) => HouseGround
  /** The node's end of a way to a page. */
  readonly way?: (port: Port) => Port
}

export const roomName = 'simulated'

/** Far more than everything that can be to do at one moment, with every page thawing. */
const mostEventsAtOnce = 20_000

export class BrowsersRoom {
  readonly timeline = new Timeline()
  readonly mix: BrowsersMix
  readonly plants: BrowserPlants
  readonly application: Application
  /** Of each browser. */
  readonly devices: Device[] = []
  readonly tabs: Tab[] = []
  readonly network: RoomNetwork
  readonly violations: Violation[] = []
  readonly watch = new RaftWatch(({ property, detail }) => this.report(property, detail))
  readonly oneVoice = new OneVoice(detail => this.report('One Voice', detail))
  readonly settling = new Settling()
  readonly ledger = new Ledger()
  readonly marks = new Marks<BrowserMark>()
  isCalm = false
  /** Nothing bad happens for a while, but that what has begun ends. */
  areFaultsAsleep = false
  /** Nobody asks for anything for a while. */
  isAsleep = false
  /** Somebody has made the cluster. */
  isFounded = false
  /** Faults so far, left out or not, and what each was. */
  readonly happenings: string[] = []
  readonly #leftOut: ReadonlySet<number>
  readonly #ports = new Map<Page, RoomPort[]>()

  constructor(
    mix: BrowsersMix,
    application: (room: BrowsersRoom) => Application,
    random: Random,
    plants: BrowserPlants,
    leftOut: ReadonlySet<number>,
  ) {
    this.mix = mix
    this.application = application(this)
    this.plants = plants
    this.#leftOut = leftOut
    const { watch, oneVoice, timeline } = this
    this.network = new RoomNetwork(timeline, random.fork('network'), mix.network, {
      sent: (from, message, page) => {
        const owner = this.devices[page.tab]?.ownerOf(from)
        if (owner === page) watch.sent(from, message)
        else {
          this.marks.sometimes('robbed driver still spoke')
          oneVoice.sent(from, page, timeline.now)
        }
      },
      said: () => {},
      relayed: () => {},
      lied: () => this.marks.sometimes('signalling lied'),
      unreadable: (from, reason) => watch.unreadable(from, reason),
    })
    timeline.settled = () => {
      const { eventsNow, now } = timeline
      if (eventsNow > mostEventsAtOnce)
        this.report('No Standstill', `${eventsNow} things happen at ${now} ms, and no end`)
    }
  }

  report(property: string, detail: string): void {
    this.violations.push({ property, detail })
  }

  /** Something is about to happen to the room. Gives its number, unless it is to be left out. */
  happens(what: string): number | undefined {
    const number = this.happenings.push(what)
    return this.#leftOut.has(number) ? undefined : number
  }

  get openTabs(): readonly OpenTab[] {
    return this.tabs.flatMap(({ open }) => open ?? [])
  }

  /** Which tab drives the node that takes itself for the leader, of the latest term. */
  get leader(): OpenTab | undefined {
    let best: { readonly open: OpenTab; readonly term: number } | undefined
    for (const open of this.openTabs) {
      const status = open.node?.status()
      if (status?.role !== 'leader' || open.node?.drives() === undefined) continue
      if (status.term > (best?.term ?? -1)) best = { open, term: status.term }
    }
    return best?.open
  }

  transport(thread: Page): RoomPort {
    const port = this.network.transport(thread)
    this.#ports.set(thread, [...(this.#ports.get(thread) ?? []), port])
    return port
  }

  /** Its connections are closed, and its peers notice. */
  vanish(thread: Page): void {
    for (const port of this.#ports.get(thread) ?? []) port.vanish()
    this.#ports.delete(thread)
  }

  traced(event: TraceEvent): void {
    this.watch.traced(event)
    if (event.type === 'crashed' && event.reason.startsWith('storage:'))
      this.marks.sometimes('storage failed under a node')
  }

  /** A lock was taken by force. */
  seized(by: Page, from: Page): void {
    this.timeline.tell(by.name, () => `takes a lock from ${from.name}`)
    if (from.isFrozen) this.marks.sometimes('node taken by force from a frozen tab')
  }

  /** A thread that stood still goes on. */
  woke(thread: Page): void {
    this.oneVoice.woke(thread)
    const device = this.devices[thread.tab]
    const speaksFor = this.#ports.get(thread)?.filter(({ isClosed }) => !isClosed) ?? []
    if (speaksFor.some(({ id }) => device?.ownerOf(id) !== thread)) this.marks.sometimes('robbed driver woke up')
  }

  trouble(page: Page, kind: ClusterErrorKind | undefined, message: string): void {
    this.timeline.tell(page.name, () => `is in trouble: ${kind ?? 'other'}: ${message}`)
    if (kind !== undefined) this.marks.sometimes('node that did not open')
  }
}
