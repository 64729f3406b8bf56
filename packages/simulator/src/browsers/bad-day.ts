/** The bad day of whole browsers: tabs, workers, disks and networks that fail in all the ways they do, each with an end. */
import type { Random } from '../ground/random.ts'
import type { Browser } from './browser.ts'
import { holdsMajorityWithout } from './majority.ts'
import { type BrowserFault, browserFaults } from './mix.ts'
import type { BrowsersRoom } from './room.ts'
import type { OpenTab, Tab } from './tab.ts'

export class BrowsersBadDay {
  readonly #room: BrowsersRoom
  readonly #browsers: readonly Browser[]
  readonly #random: Random
  readonly #total: number
  #faults = 0
  #stopped = false

  constructor(room: BrowsersRoom, browsers: readonly Browser[], random: Random) {
    this.#room = room
    this.#browsers = browsers
    this.#random = random
    this.#total = browserFaults.reduce((sum, kind) => sum + room.mix.faultWeights[kind], 0)
    if (this.#total === 0) return
    room.timeline.every(
      () => random.tail(0, room.mix.faultEveryMs),
      () => this.#next(),
      () => !this.#stopped,
    )
  }

  stop(): void {
    this.#stopped = true
  }

  /** Each fault draws from a stream of its own, so that leaving one out leaves the others as they are. */
  #next(): void {
    if (this.#room.areFaultsAsleep) return
    const random = this.#random.fork(String(++this.#faults))
    const kind = this.#draw(random)
    if (this.#room.happens(kind) !== undefined) this.#inflict(kind, random)
  }

  #draw(random: Random): BrowserFault {
    let left = random.next() * this.#total
    for (const kind of browserFaults) {
      left -= this.#room.mix.faultWeights[kind]
      if (left < 0) return kind
    }
    return 'reload'
  }

  #inflict(kind: BrowserFault, random: Random): void {
    const room = this.#room
    const { mix, marks } = room
    // Where something depends on it.
    const driving = random.chance(0.3) ? room.leader : random.pick(room.openTabs.filter(({ node }) => node?.drives()))
    const browser = this.#browsers[driving?.tab.browser ?? -1] ?? random.pick(this.#browsers)
    const tab = random.chance(0.5) && driving !== undefined ? driving.tab : random.pick(browser?.tabs ?? [])
    const lastsMs = random.tail(0, mix.faultLastsMs)
    if (browser === undefined || tab === undefined) return
    const { open } = tab
    const at = browser.index
    switch (kind) {
      case 'crashTab':
        this.#crash(browser, tab)
        return this.#later(lastsMs, () => browser.open(tab))
      case 'closeTab':
        browser.close(tab)
        return this.#later(lastsMs, () => browser.open(tab))
      case 'leaveRoom':
        browser.leave(tab)
        return this.#later(lastsMs, () => browser.open(tab))
      case 'reload':
        return browser.close(tab, () => browser.open(tab))
      case 'openTab':
        return browser.open(browser.tabs.length < mix.tabs ? browser.newTab() : tab)
      case 'freezeTab':
        return open && this.#freeze(browser, [open], lastsMs, random)
      case 'freezeBrowser':
        return this.#freeze(browser, browser.openTabs, lastsMs, random)
      case 'killWorker':
        if (open?.house === undefined || open.house.page === open.page) return
        return open.house.page.kill('by the browser')
      case 'hangWorker':
        if (open?.house === undefined || open.house.page === open.page) return
        this.#tell(open, 'has a worker that hangs')
        marks.sometimes('worker hung')
        return open.house.page.freeze()
      case 'killBrowser':
        for (const each of browser.tabs) this.#crash(browser, each)
        return this.#later(lastsMs, () => this.#openAll(browser))
      case 'killEverybody':
        marks.sometimes('everybody killed at once')
        for (const each of this.#browsers) {
          for (const every of each.tabs) this.#crash(each, every)
          this.#later(random.chance(0.5) ? 0 : lastsMs, () => this.#openAll(each))
        }
        return
      case 'fuse': {
        const thread = random.chance(0.5) ? open?.page : open?.house?.page
        thread?.burn(random.int(12))
        return this.#later(lastsMs, () => browser.open(tab))
      }
      case 'outboxFull':
        this.#tell(open, 'has an outbox that takes nothing')
        browser.outbox.isFull = true
        return this.#later(lastsMs, () => {
          browser.outbox.isFull = false
        })
      case 'diskFails':
        this.#tell(open, 'has a disk that will fail')
        browser.device.nextFailure = random.chance(0.5) ? 'QuotaExceeded' : 'Unavailable'
        return
      case 'slowDisk':
        browser.device.slowness = random.between(2, 40)
        return this.#later(lastsMs, () => {
          browser.device.slowness = 1
        })
      case 'standingDisk':
        return browser.device.stand(lastsMs)
      case 'wipe':
        return this.#wipe(browser, lastsMs)
      case 'slowPorts':
        browser.channels.typicalMs = random.between(50, 1_000)
        return this.#later(lastsMs, () => {
          browser.channels.typicalMs = mix.portMs
        })
      case 'partition': {
        const side = this.#browsers.map(() => random.chance(0.5))
        return this.#cut(lastsMs, random, (a, b) => side[a] !== side[b])
      }
      case 'isolateLeader': {
        const leader = room.leader?.tab.browser
        if (leader !== undefined) this.#cut(lastsMs, random, (a, b) => (a === leader) !== (b === leader))
        return
      }
      case 'cutOneWay': {
        const share = random.between(0.1, 0.6)
        return this.#cut(lastsMs, random, () => random.chance(share))
      }
      case 'breakLinks':
        for (const { index } of this.#browsers) room.network.breakLinks(at, index)
        return
      case 'offline':
        return this.#cut(3 * lastsMs, random, (a, b) => (a === at) !== (b === at))
      case 'jump': {
        // Or the machine has slept for so long that sessions may be taken for abandoned.
        const ms = random.chance(0.4) ? random.tail(1, mix.electionTimeoutMs) : 11 * 60_000
        this.#tell(open, `has a clock that jumps ${ms.toFixed(0)} ms`)
        for (const { house, clock } of browser.openTabs)
          for (const each of new Set([clock, house?.clock])) each?.jump(ms)
        return
      }
      case 'skew': {
        const clocks = [open?.clock, open?.house?.clock]
        const rate = random.between(0.5, 2)
        for (const clock of clocks) clock?.setRate(rate)
        return this.#later(lastsMs, () => {
          for (const clock of clocks) clock?.setRate(1)
        })
      }
      case 'coalesce': {
        if (open === undefined) return
        // Of a page that nobody sees; its worker has timers as before.
        open.clock.grainMs = 1_000
        return this.#later(lastsMs, () => {
          open.clock.grainMs = 0
        })
      }
      case 'hide':
        open?.hear('hidden')
        return this.#later(lastsMs, () => open?.hear('visible'))
      default:
        return kind satisfies never
    }
  }

  #crash(browser: Browser, tab: Tab): void {
    if (tab.open?.page.isFrozen === true) this.#room.marks.sometimes('tab crashed while it was frozen')
    browser.crash(tab)
  }

  #openAll(browser: Browser): void {
    for (const tab of browser.tabs) browser.open(tab)
  }

  #freeze(browser: Browser, tabs: readonly OpenTab[], lastsMs: number, random: Random): void {
    const timersFirst = random.chance(0.5)
    const awake = tabs.filter(({ page }) => !page.isFrozen)
    for (const open of awake) {
      this.#tell(open, `freezes for ${lastsMs.toFixed(0)} ms`)
      browser.freeze(open)
    }
    this.#later(lastsMs, () => {
      for (const open of awake) browser.thaw(open, timersFirst)
    })
  }

  /** Everything that the browser has stored is gone, if the others can do without for good. */
  #wipe(browser: Browser, lastsMs: number): void {
    const room = this.#room
    if (!holdsMajorityWithout(room, browser.device)) return
    this.#tell(browser.openTabs[0], 'loses its disk')
    room.marks.sometimes('disk lost with a browser')
    browser.wipe()
    this.#later(lastsMs, () => this.#openAll(browser))
  }

  #cut(lastsMs: number, random: Random, isCut: (a: number, b: number) => boolean): void {
    const { network, timeline } = this.#room
    const cuts: (readonly [number, number])[] = []
    for (const { index: a } of this.#browsers) {
      for (const { index: b } of this.#browsers) if (a !== b && isCut(a, b)) cuts.push([a, b])
    }
    timeline.tell(
      '—',
      () => `cut for ${lastsMs.toFixed(0)} ms: ${cuts.map(([a, b]) => `b${a + 1}→b${b + 1}`).join(' ')}`,
    )
    for (const [a, b] of cuts) {
      network.cut(a, b)
      // A link that carries nothing is taken down, sooner or later.
      if (random.chance(0.3)) network.breakLinks(a, b)
    }
    this.#later(lastsMs, () => {
      for (const [a, b] of cuts) network.mend(a, b)
    })
  }

  /** Ends are not put off by the calm after the day: that sees to everything itself. */
  #later(ms: number, end: () => void): void {
    this.#room.timeline.after(ms, () => {
      if (!this.#room.isCalm) end()
    })
  }

  #tell(open: OpenTab | undefined, what: string): void {
    this.#room.timeline.tell(open?.page.name ?? '—', () => what)
  }
}
