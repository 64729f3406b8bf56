/**
 * A browser: tabs with their pages and workers, and what they have in common: disks, locks, channels. Each tab opens its part of
 * the room by the same call as an application's; which of them drives the node is theirs to find out.
 */

import type { HouseGround, NodesPage, Place } from '@flotilla/browser-node/ground'
import { type MemoryOutbox, memoryOutbox, messagePort } from '@flotilla/client'
import { ClusterError } from '@flotilla/cluster'
import type { Random } from '../ground/random.ts'
import { Device } from '../runtime/device.ts'
import { type Ending, Page } from '../runtime/page.ts'
import { PageClock } from '../runtime/page-clock.ts'
import { BrowserChannels } from './channels.ts'
import { BrowserLocks } from './locks.ts'
import { watchedOutbox } from './outbox-store.ts'
import { type BrowsersRoom, roomName } from './room.ts'
import type { OpenTab, Tab, Thread } from './tab.ts'
import { threadEnds } from './thread-ends.ts'

/** The page of a tab that closes has this long for its goodbye. Milliseconds. */
const goodbyeMs = 15

export class Browser {
  readonly room: BrowsersRoom
  readonly index: number
  readonly name: string
  readonly device: Device
  readonly locks: BrowserLocks
  readonly channels: BrowserChannels
  readonly tabs: Tab[] = []
  outbox: MemoryOutbox
  /** So often its disk was lost. */
  generation = 1
  readonly random: Random
  readonly inWorkers: boolean
  #threads = 0

  constructor(room: BrowsersRoom, index: number, random: Random) {
    const { timeline, mix, watch } = room
    this.room = room
    this.index = index
    this.name = `b${index + 1}`
    this.random = random
    this.inWorkers = mix.inWorkers[index] ?? true
    this.device = new Device(timeline, random.fork('disk'), mix.disk, watch)
    room.devices[index] = this.device
    this.locks = new BrowserLocks(timeline, random.fork('locks'))
    this.channels = new BrowserChannels(timeline, random.fork('channels'))
    this.channels.typicalMs = mix.portMs
    this.outbox = this.#newOutbox()
    this.locks.onStolen = (by, from) => this.room.seized(by, from)
    this.device.onOpened = (now, before) => {
      if (before === undefined || before === now) return
      room.marks.sometimes(
        before.isAlive ? 'node taken over from a thread that lives' : 'node taken over from the dead',
      )
    }
  }

  newTab(): Tab {
    const tab: Tab = { browser: this.index, name: `${this.name}.t${this.tabs.length + 1}`, open: undefined, pages: 0 }
    this.tabs.push(tab)
    this.room.tabs.push(tab)
    return tab
  }

  get openTabs(): readonly OpenTab[] {
    return this.tabs.flatMap(({ open }) => open ?? [])
  }

  /** Loads the page, if the tab is not open, and nobody has given it up: also not while it was being reloaded. */
  open(tab: Tab): void {
    if (tab.open !== undefined || !this.tabs.includes(tab)) return
    const { room } = this
    const { timeline } = room
    const page = new Page(timeline, this.index, ++tab.pages, `${tab.name}.${tab.pages}`)
    const open: OpenTab = {
      ...this.#timed(page),
      tab,
      house: undefined,
      hadPlace: false,
      node: undefined,
      isLeaving: false,
      hear: () => {},
    }
    tab.open = open
    const store = this.outbox.tab()
    page.onKilled = how => {
      store.crash()
      this.#gone(page)
      this.#endHouse(open, how)
      room.vanish(page)
      if (how === 'in the middle of a step') room.marks.sometimes('killed between two effects')
      if (tab.open === open) tab.open = undefined
    }
    timeline.tell(page.name, () => 'is loaded')
    const watched = watchedOutbox(this, page, store)
    const nodesPage: NodesPage = {
      clock: open.clock,
      place: () => {
        if (open.hadPlace) room.marks.sometimes('worker replaced')
        open.hadPlace = true
        return this.#place(open)
      },
      hear: tell => {
        open.hear = event => page.enter(() => tell(event))
        return () => {
          open.hear = () => {}
        }
      },
      outbox: room.plants.store?.(watched, page) ?? watched,
    }
    room.settling.watch(
      page,
      'opening',
      timeline.now,
      room.application.open(open, nodesPage),
      node => {
        open.node = node
        if (!this.inWorkers) room.marks.sometimes('node opened in its page')
      },
      error => {
        room.marks.sometimes('page could not open')
        timeline.tell(page.name, () => `cannot open: ${error}`)
        if (!(error instanceof ClusterError)) room.report('Typed Errors', `${page.name} cannot open: ${error}`)
        page.kill('because it cannot open')
      },
    )
  }

  /** The tab goes without a word. */
  crash(tab: Tab, how: Ending = 'by the browser'): void {
    tab.open?.page.kill(how)
  }

  /** Nobody comes back to it. */
  giveUp(tab: Tab): void {
    this.crash(tab)
    this.tabs.splice(this.tabs.indexOf(tab), 1)
  }

  /** As its user closes it, or as a reload does: the page hears of it, and is gone. */
  close(tab: Tab, then: () => void = () => {}): void {
    const { open } = tab
    if (open === undefined || open.isLeaving || open.page.isFrozen) return
    open.isLeaving = true
    this.room.timeline.tell(open.page.name, () => 'closes')
    open.hear('closes')
    // Its worker hears of it in that time, if it can.
    this.room.timeline.after(goodbyeMs, () => {
      open.page.kill('as it is closed')
      then()
    })
  }

  /** The application leaves the room, and then its page goes. */
  leave(tab: Tab): void {
    const { open } = tab
    if (open?.node === undefined || open.isLeaving || open.page.isFrozen) return
    open.isLeaving = true
    const { timeline, settling, marks } = this.room
    timeline.tell(open.page.name, () => 'leaves the room')
    if (open.node.drives() !== undefined) marks.sometimes('node put away with its room left')
    const end = (): void => open.page.kill('as it is closed')
    settling.watch(open.page, 'closing', timeline.now, open.node.close(), end, end)
  }

  /** Both its threads stand still, and keep what they have. */
  freeze({ page, house }: OpenTab): void {
    page.freeze()
    house?.page.freeze()
  }

  thaw(open: OpenTab, timersFirst: boolean): void {
    const { page, house } = open
    if (house !== undefined && house.page !== page) this.room.woke(house.page)
    open.hear('thawed')
    page.thaw(timersFirst)
    house?.page.thaw(timersFirst)
  }

  /** Its disk is gone, with all that was on it, and so are its tabs. */
  wipe(): void {
    for (const tab of this.tabs) this.crash(tab)
    this.device.wipe()
    this.room.ledger.diskLost(this.index)
    this.generation += 1
    this.outbox = this.#newOutbox()
  }

  #newOutbox(): MemoryOutbox {
    const { timeline, mix } = this.room
    const outbox = memoryOutbox()
    const random = this.random.fork(`outbox/${this.generation}`)
    outbox.later = run => timeline.after(random.tail(mix.disk.leastMs, mix.disk.typicalMs) * this.device.slowness, run)
    return outbox
  }

  #timed(page: Page): Thread {
    const clock = new PageClock(this.room.timeline, page)
    page.onThawed = () => clock.rearm()
    return { page, clock }
  }

  #gone(thread: Page): void {
    this.locks.letGo(thread)
    this.channels.letGo(thread)
    this.device.letGo(thread)
  }

  #endHouse(open: OpenTab, how: Ending): void {
    const { house } = open
    open.house = undefined
    if (house === undefined || house.page === open.page) return
    house.page.kill(how)
    this.room.vanish(house.page)
  }

  /** Where the node of that page may run: a worker, which takes a while to load, or the page. */
  #place(open: OpenTab): Place {
    const { room, inWorkers } = this
    const { timeline } = room
    const number = ++this.#threads
    const house = inWorkers ? this.#timed(new Page(timeline, this.index, number, `${open.page.name}w${number}`)) : open
    if (inWorkers) {
      house.page.onKilled = how => {
        this.#gone(house.page)
        if (how === 'in the middle of a step') room.marks.sometimes('killed between two effects')
      }
    }
    open.house = house
    const random = this.random.fork(`thread/${number}`)
    const weather = this.#weather(random)
    const [ours, theirs] = threadEnds(weather, open.page, house.page)
    const ground = this.#ground(open, house, random)
    timeline.after(random.tail(5, inWorkers ? 50 : 1), () =>
      house.page.enter(() => room.application.keepHouse(house.page, theirs, ground)),
    )
    return {
      kind: inWorkers ? 'worker' : 'page',
      house: ours,
      connections: undefined,
      end: () => {
        ours.close()
        if (open.house === house) this.#endHouse(open, 'by the browser')
      },
    }
  }

  #weather(random: Random): Parameters<typeof threadEnds>[0] {
    const { channels } = this
    return {
      timeline: this.room.timeline,
      random: random.fork('ports'),
      get typicalMs() {
        return channels.typicalMs
      },
    }
  }

  #ground(open: OpenTab, { page, clock }: Thread, random: Random): HouseGround {
    const { room, device } = this
    const { plants } = room
    const bytes = random.fork('bytes')
    const ground: HouseGround = {
      name: page.name,
      locks: this.locks.of(page),
      channel: name => this.channels.open(name, page),
      clock,
      random: () => random.next(),
      given: {
        clock,
        random: () => random.next(),
        randomBytes: count => Uint8Array.from({ length: count }, () => bytes.int(256)),
        maxSessions: room.mix.maxSessions,
        onTrace: event => {
          if (page.isAlive && device.ownerOf(event.node) === page) room.traced(event)
        },
      },
      storage: byForce => () => device.shelf(page, byForce),
      ways: async () => ({
        room: roomName,
        transport: () => room.transport(page),
        meet: async () => (room.isFounded ? 'join' : 'create'),
      }),
      connections: () => () => {
        throw new Error('nobody makes connections here')
      },
      newWay: way => {
        const [ours, theirs] = threadEnds(this.#weather(random), page, open.page)
        way.postMessage({ kind: 'found', port: theirs })
        return plants.way?.(messagePort(ours)) ?? messagePort(ours)
      },
      pageEvent: () => {},
    }
    return plants.ground?.(ground, page) ?? ground
  }
}
