/** The bad day of a room: tabs that crash, freeze and close, links that break, disks that fail; each with an end. */
import type { Random } from '../ground/random.ts'
import { type FaultKind, faultKinds } from './mix.ts'
import type { OpenTab, Room, Tab } from './room.ts'

export class BadDay {
  readonly #room: Room
  readonly #random: Random
  readonly #total: number
  #faults = 0
  /** Nothing bad happens, but that what has begun ends. */
  isAsleep = false
  #stopped = false

  constructor(room: Room, random: Random) {
    this.#room = room
    this.#random = random
    this.#total = faultKinds.reduce((sum, kind) => sum + room.mix.faultWeights[kind], 0)
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
    if (this.isAsleep) return
    const random = this.#random.fork(String(++this.#faults))
    const kind = this.#draw(random)
    if (this.#room.happens(kind) !== undefined) this.#inflict(kind, random)
  }

  #draw(random: Random): FaultKind {
    let left = random.next() * this.#total
    for (const kind of faultKinds) {
      left -= this.#room.mix.faultWeights[kind]
      if (left < 0) return kind
    }
    return 'crash'
  }

  #inflict(kind: FaultKind, random: Random): void {
    const room = this.#room
    const leader = room.leader()
    const tab = random.chance(0.4) ? (leader ?? random.pick(room.tabs)) : random.pick(room.tabs)
    const open = tab?.open
    const lastsMs = random.tail(0, room.mix.faultLastsMs)
    if (tab === undefined) return
    switch (kind) {
      case 'crash':
        return this.#crash(tab, lastsMs, random)
      case 'kill':
        return this.#kill(tab, lastsMs)
      case 'killEverybody':
        room.marks.sometimes('everybody killed at once')
        for (const each of room.tabs) this.#kill(each, random.chance(0.5) ? 0 : lastsMs)
        return
      case 'fuse':
        open?.page.burn(random.int(12))
        return this.#later(lastsMs, () => room.openTab(tab))
      case 'powerCut':
        this.#tell(tab, 'has its disk cut off')
        tab.device.cutPower()
        return this.#later(lastsMs, () => this.restart(tab))
      case 'diskFails':
        this.#tell(tab, 'has a disk that will fail')
        tab.device.nextFailure = random.chance(0.5) ? 'QuotaExceeded' : 'Unavailable'
        return this.#later(lastsMs, () => this.restart(tab))
      case 'vanish':
        return this.#vanish(tab, lastsMs, random)
      case 'damage':
        return this.#damage(tab, lastsMs)
      case 'relay':
        return this.#relay(tab, lastsMs, random)
      case 'slowDisk':
        tab.device.slowness = random.between(2, 40)
        return this.#later(lastsMs, () => {
          tab.device.slowness = 1
        })
      case 'standingDisk':
        this.#tell(tab, 'has a disk that stands still')
        if (tab === leader) room.marks.sometimes('disk stood still under a leader')
        return tab.device.stand(2 * lastsMs)
      case 'muteMachine':
        if (open === undefined) return
        this.#tell(tab, 'has a machine that gives no snapshots')
        open.machine.isMute = true
        return this.#later(lastsMs, () => {
          open.machine.isMute = false
        })
      case 'partition': {
        const side = room.tabs.map(() => random.chance(0.5))
        return this.#cut(lastsMs, random, (a, b) => side[a] !== side[b])
      }
      case 'isolateLeader':
        if (leader !== undefined) this.#cut(lastsMs, random, (a, b) => (a === leader.index) !== (b === leader.index))
        return
      case 'cutOneWay': {
        const share = random.between(0.1, 0.6)
        return this.#cut(lastsMs, random, () => random.chance(share))
      }
      case 'breakLinks': {
        const share = random.between(0.1, 1)
        for (const a of room.tabs) {
          for (const b of room.tabs) if (a.index < b.index && random.chance(share)) this.#breakLinks(a, b)
        }
        return
      }
      case 'freeze':
        return this.#freeze(tab, lastsMs, random)
      case 'jump': {
        // Or the machine has slept for so long that sessions may be taken for abandoned.
        const ms = random.chance(0.7) ? random.tail(1, room.mix.electionTimeoutMs) : 11 * 60_000
        this.#tell(tab, `has a clock that jumps ${ms.toFixed(0)} ms`)
        return open?.page.enter(() => open.clock.jump(ms))
      }
      case 'skew': {
        const fastest = Math.sqrt(room.mix.clockDriftBound)
        this.#tell(tab, 'has a clock that is off')
        open?.clock.setRate(random.between(1 / fastest, fastest))
        return this.#later(lastsMs, () => open?.clock.setRate(1))
      }
      case 'coalesce':
        if (open === undefined) return
        this.#tell(tab, 'has its timers once a second')
        open.clock.grainMs = 1_000
        return this.#later(lastsMs, () => {
          open.clock.grainMs = 0
        })
      case 'leave':
        room.leave(tab)
        return this.#later(lastsMs * 3, () => room.openTab(tab))
      case 'goodbye':
        this.#tell(tab, 'says goodbye, and stays')
        return this.#in(open, ({ cluster }) => cluster?.goodbye())
      case 'hide':
        this.#tell(tab, 'is hidden')
        this.#in(open, ({ cluster }) => cluster?.setVisible(false))
        return this.#later(lastsMs, () => this.#in(open, ({ cluster }) => cluster?.setVisible(true)))
      case 'resume':
        return this.#in(open, ({ cluster }) => cluster?.resume())
      default:
        return kind satisfies never
    }
  }

  /** Starts a node again that crashed or failed in a page that lives; whose disk is gone, loads its page again. */
  restart(tab: Tab): void {
    const { open, device } = tab
    const { timeline, settling } = this.#room
    if (open?.cluster !== undefined && !device.disks.has(open.cluster.id)) {
      open.page.kill('by its user')
      return this.#room.openTab(tab)
    }
    this.#in(open, ({ cluster, page }) => {
      const state = cluster?.status().state
      if (cluster === undefined || (state !== 'crashed' && state !== 'failed')) return
      timeline.tell(tab.name, () => 'restarts its node')
      this.#room.marks.sometimes('node restarted in its page')
      settling.watch(page, 'a restart', timeline.now, cluster.restart())
    })
  }

  #crash(tab: Tab, lastsMs: number, random: Random): void {
    const { device, open } = tab
    this.#in(open, ({ cluster }) => {
      if (cluster === undefined) return
      this.#tell(tab, 'crashes its node')
      cluster.crash()
      // What was on its way to the disk gets there, or does not.
      if (random.chance(0.5)) device.cutPower()
    })
    this.#later(lastsMs, () => this.restart(tab))
  }

  /** Everything that the device has stored is gone, if the others can do without for good. */
  #vanish({ device }: Tab, lastsMs: number, random: Random): void {
    const room = this.#room
    const tabs = room.tabsOf(device)
    if (device.disks.size === 0 || !room.canDoWithout(new Set(tabs))) return
    room.marks.sometimes('identity lost with its disk')
    for (const tab of tabs) {
      const { open } = tab
      this.#tell(tab, 'loses its disk')
      // A frozen page would go on for a moment as if nothing had happened, when it thaws.
      if (open === undefined || open.page.isFrozen || random.chance(0.5)) open?.page.kill('by the browser')
      else if (open.cluster?.status().state === 'running') room.marks.sometimes('disk lost under a running node')
    }
    room.onDiskLost()
    device.wipe()
    for (const tab of tabs) {
      this.#later(lastsMs, () => {
        if (tab.open === undefined) room.openTab(tab)
        else this.restart(tab)
      })
    }
  }

  /** One database cannot be read any more, if the others can do without for good. Its tab is opened again, as somebody else. */
  #damage(tab: Tab, lastsMs: number): void {
    const room = this.#room
    const id = tab.open?.cluster?.id
    if (id === undefined || !room.canDoWithout(new Set(), id)) return
    this.#tell(tab, 'has its database damaged')
    tab.open?.page.kill('by the browser')
    room.onDiskLost()
    tab.device.damage(id)
    this.#later(lastsMs, () => room.openTab(tab))
  }

  /** Another tab of the same browser opens, and right after it the first one closes. */
  #relay(tab: Tab, lastsMs: number, random: Random): void {
    const room = this.#room
    const other = room.tabsOf(tab.device).find(each => each !== tab)
    if (other === undefined) return
    other.open?.page.kill('by the browser')
    room.openTab(other)
    this.#later(random.between(0, 300), () => room.leave(tab))
    this.#later(lastsMs * 4, () => room.openTab(tab))
  }

  #kill(tab: Tab, lastsMs: number): void {
    tab.open?.page.kill('by the browser')
    this.#later(lastsMs, () => this.#room.openTab(tab))
  }

  #cut(lastsMs: number, random: Random, isCut: (a: number, b: number) => boolean): void {
    const { tabs, network, timeline } = this.#room
    const cuts: (readonly [number, number])[] = []
    for (const a of tabs) {
      for (const b of tabs) if (a !== b && isCut(a.index, b.index)) cuts.push([a.index, b.index])
    }
    timeline.tell(
      '—',
      () => `cut for ${lastsMs.toFixed(0)} ms: ${cuts.map(([a, b]) => `t${a + 1}→t${b + 1}`).join(' ')}`,
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

  #breakLinks(a: Tab, b: Tab): void {
    this.#room.timeline.tell('—', () => `the link between ${a.name} and ${b.name} breaks`)
    this.#room.network.breakLinks(a.index, b.index)
  }

  #freeze(tab: Tab, lastsMs: number, random: Random): void {
    const { open } = tab
    if (open === undefined) return
    this.#tell(tab, `freezes for ${lastsMs.toFixed(0)} ms`)
    open.page.freeze()
    const isNoticed = random.chance(0.5)
    const timersFirst = random.chance(0.5)
    this.#later(lastsMs, () => {
      this.#tell(tab, 'thaws')
      this.#noticeThaw(open)
      if (isNoticed) this.#in(open, ({ cluster }) => cluster?.resume())
      open.page.thaw(timersFirst)
    })
  }

  #noticeThaw({ page, cluster }: OpenTab): void {
    const status = cluster?.status()
    if (!page.isFrozen || status?.state !== 'running' || status.role !== 'leader') return
    this.#room.marks.sometimes('thawed as the leader')
    const leader = this.#room.leader()
    const latest = leader === undefined ? undefined : this.#room.status(leader)
    if (latest !== undefined && latest.term > status.term) {
      this.#room.marks.sometimes('thawed as the leader of an earlier term')
    }
  }

  /** In the page, when it runs. */
  #in(open: OpenTab | undefined, job: (open: OpenTab) => void): void {
    open?.page.enter(() => {
      if (!open.isLeaving) job(open)
    })
  }

  /** Ends are not put off by the calm after the day: that sees to everything itself. */
  #later(ms: number, end: () => void): void {
    this.#room.timeline.after(ms, () => {
      if (!this.#room.isCalm) end()
    })
  }

  #tell(tab: Tab, what: string): void {
    this.#room.timeline.tell(tab.name, () => what)
  }
}
