/**
 * The network between pages: the links that either end wants, which come and go, and for each direction of a link latency, loss and cuts.
 * Two that cannot meet are linked by way of a server, or of a page that is linked to both; what such a link loses takes it down.
 *
 * It keeps what `Transport` promises and nothing more: frames of one lane stay in order, any may be lost. Raft's own
 * messages, which need no such promise, may also come twice and out of order.
 */
import { decodeFrame, type FrameBody, type Lane, wantedLinks } from '@flotilla/cluster'
import type { Message, NodeId } from '@flotilla/core'
import { mixBytes } from '../ground/hash.ts'
import type { Random } from '../ground/random.ts'
import { Apart } from './apart.ts'
import { tellFrame } from './frame-text.ts'
import type { Page } from './page.ts'
import { type Link, otherEnd, Port, type PortsNetwork } from './port.ts'
import { type Lie, Signaling } from './signaling.ts'
import type { Timeline } from './timeline.ts'

export interface NetworkConditions {
  readonly leastMs: number
  readonly typicalMs: number
  readonly loss: number
  /** That one of Raft's messages also arrives once more, or out of its turn. */
  readonly duplication: number
  /** Share of pairs that cannot meet. Default: none. */
  readonly apart?: number
  /** Whether a server carries what those say to each other. Otherwise only others can. */
  readonly serverCarries?: boolean
  /** How much of what the signalling tells is a lie. Default: nothing. */
  readonly lies?: number
}

export interface NetworkWatch {
  /** A frame of Raft's leaves a node, whatever becomes of it. */
  sent(from: NodeId, message: Message, page: Page): void
  /** Any frame leaves a page for another. */
  said(from: NodeId, to: NodeId, body: FrameBody): void
  /** Bytes leave a node that are no frame. */
  unreadable(from: NodeId, reason: string): void
  /** What became of a link of two that cannot meet. */
  relayed(what: 'server carries' | 'member carries' | 'lost with its carrier' | 'moved'): void
  /** What the signalling has lied about. */
  lied(about: Lie): void
}

/** A link that neither end wants any more goes after this long. Milliseconds. */
const partAfterMs = 2_000
/** Of bulk, on each link: 80 Mbit/s. */
const bulkBytesPerMs = 10_000

export class RoomNetwork implements PortsNetwork {
  readonly ports: Port[] = []
  /** Any frame leaves a page, and so long it is. */
  onBytes: (from: Port, to: NodeId, bytes: number) => void = () => {}
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #conditions: NetworkConditions
  readonly #watch: NetworkWatch
  /** What is lost: only what nobody carries, or everything. */
  readonly #cuts = new Map<string, 'direct' | 'all'>()
  readonly #apart: Apart
  /** Broken, and not both ends know. */
  readonly #broken = new Set<Link>()
  readonly #signaling: Signaling
  #calm = false

  constructor(timeline: Timeline, random: Random, conditions: NetworkConditions, watch: NetworkWatch) {
    this.#timeline = timeline
    this.#random = random
    this.#conditions = conditions
    this.#watch = watch
    this.#apart = new Apart(random.fork('apart'), conditions.apart ?? 0)
    this.#signaling = new Signaling(timeline, random, conditions.lies ?? 0, lie => watch.lied(lie))
    this.#signaling.onChanged(() => this.#lookWhoIsThere())
  }

  transport(page: Page): Port {
    return new Port(this, page)
  }

  /** Frames from one tab to another are lost, by number of tab; those that somebody carries, only of `all`. */
  cut(from: number, to: number, what: 'direct' | 'all' = 'direct'): void {
    this.#cuts.set(`${from}>${to}`, what)
  }

  mend(from: number, to: number): void {
    this.#cuts.delete(`${from}>${to}`)
  }

  isCut(from: number, to: number): boolean {
    return this.#cuts.has(`${from}>${to}`)
  }

  /** Takes down whatever links there are between two tabs; they find each other again. */
  breakLinks(a: number, b: number): void {
    for (const port of this.ports) {
      if (port.page.tab !== a) continue
      for (const link of [...port.links.values()]) if (otherEnd(link, port).page.tab === b) this.#break(link)
    }
  }

  /** Somebody at `from` says what its node does not; gives whether it arrives. */
  forge(from: NodeId, to: NodeId, frame: Uint8Array): boolean {
    const port = this.ports.find(({ id }) => id === to)
    const link = port?.links.get(from)
    if (
      port === undefined ||
      link?.carries !== true ||
      port.isClosed ||
      this.isCut(otherEnd(link, port).page.tab, port.page.tab)
    )
      return false
    port.page.enter(() => {
      if (port.links.get(from) === link) port.handler?.onFrame(from, frame)
    })
    return true
  }

  isRelayed(from: NodeId, to: NodeId): boolean {
    return this.ports.find(({ id }) => id === from)?.links.get(to)?.carrier !== undefined
  }

  becomeCalm(): void {
    this.#calm = true
    this.#cuts.clear()
    for (const link of this.#broken) this.#timeline.after(this.#noticeMs(), () => this.#meetAgain(link))
    this.#signaling.becomeHonest()
  }

  // ---- For ports ----------------------------------------------------------------------------------------------------

  opened(port: Port): void {
    const others = [...this.ports]
    this.ports.push(port)
    this.#lookWhoIsWanted()
    for (const peer of others) this.#introduce(port, peer)
    this.#linkAndPart(others)
  }

  knowsMembers(port: Port): void {
    if (!this.ports.includes(port)) return
    port.wanted = this.#wantedBy(port)
    this.#linkAndPart([port])
  }

  closed(port: Port, told: boolean): void {
    const at = this.ports.indexOf(port)
    if (at >= 0) this.ports.splice(at, 1)
    for (const link of port.links.values()) {
      if (!told) link.carries = false
      const peer = otherEnd(link, port)
      const latest = link.latest.get(port)
      const last = latest === undefined ? 0 : Math.max(latest.urgent, latest.normal, latest.bulk)
      const when = told ? Math.max(last, this.#arrival()) : this.#timeline.now + this.#noticeMs()
      this.#timeline.at(when, () => this.#tellDown(peer, link))
    }
    port.links.clear()
    this.#breakCarried()
    if (at < 0) return
    this.#lookWhoIsThere()
  }

  send(port: Port, to: NodeId, bytes: Uint8Array, lane: Lane): void {
    if (!port.page.emits()) return
    this.onBytes(port, to, bytes.byteLength)
    const frame = decodeFrame(bytes, port.id, to)
    if (!frame.ok) this.#watch.unreadable(port.id, frame.error.message)
    const body = frame.ok ? frame.value.body : undefined
    if (body !== undefined) this.#watch.said(port.id, to, body)
    if (body?.kind === 'raft') this.#watch.sent(port.id, body.message, port.page)
    const link = port.links.get(to)
    if (link === undefined) return
    this.#timeline.note(mixBytes(port.page.tab, bytes))
    const random = this.#random
    const target = otherEnd(link, port)
    if (!this.#passes(link, port, target) || (!this.#calm && random.chance(this.#conditions.loss))) {
      // What is missing on a relayed link takes it down.
      if (link.carrier !== undefined) this.#break(link)
      return
    }
    const latest = link.latest.get(port)
    if (latest === undefined) return
    const copies = !this.#calm && body?.kind === 'raft' && random.chance(this.#conditions.duplication) ? 2 : 1
    for (let copy = 1; copy <= copies; copy++) {
      let at = this.#arrival()
      if (link.carrier !== undefined) at += this.#arrival() - this.#timeline.now
      if (copy === 1) {
        // What is long is sent in turn: only so there is a backlog for others to overtake.
        const inTurn = lane === 'bulk' ? bytes.byteLength / bulkBytesPerMs : 0
        at = Math.max(at, latest[lane] + inTurn)
        latest[lane] = at
      }
      // A copy each, as every real network makes one: the bytes are the receiver's to keep.
      const arriving = bytes.slice()
      this.#timeline.at(at, () => {
        if (!link.carries || target.isClosed || !this.#passes(link, port, target)) return
        this.#timeline.tell(
          target.page.name,
          () => `← ${port.page.name}: ${body === undefined ? 'nonsense' : tellFrame(body)}`,
        )
        target.page.enter(() => {
          if (target.links.get(port.id) === link) target.handler?.onFrame(port.id, arriving)
        })
      })
    }
  }

  // ---- Links --------------------------------------------------------------------------------------------------------

  #wantedBy(port: Port): ReadonlySet<NodeId> {
    const present = this.ports.map(({ id }) => id)
    const told = this.#signaling.tellPresent(port.id, present, peer => port.links.has(peer))
    return wantedLinks(port.id, port.membership, told)
  }

  #lookWhoIsThere(): void {
    this.#lookWhoIsWanted()
    this.#linkAndPart(this.ports)
  }

  #lookWhoIsWanted(): void {
    for (const port of this.ports) port.wanted = this.#wantedBy(port)
  }

  #isWanted(a: Port, b: Port): boolean {
    return a.wanted.has(b.id) || b.wanted.has(a.id)
  }

  /** Those of these ports' links that are wanted by now, and are not there, come; others go. */
  #linkAndPart(ports: readonly Port[]): void {
    for (const port of ports) {
      for (const peer of this.ports) {
        const link = port.links.get(peer.id)
        if (port === peer || (link !== undefined) === this.#isWanted(port, peer)) continue
        if (link === undefined) this.#introduce(port, peer)
        else this.#timeline.after(partAfterMs, () => this.#part(port, peer, link))
      }
    }
  }

  #part(a: Port, b: Port, link: Link): void {
    if (!link.carries || a.links.get(b.id) !== link || this.#isWanted(a, b)) return
    link.carries = false
    for (const port of link.ends) this.#tellDown(port, link)
    this.#breakCarried()
  }

  #introduce(a: Port, b: Port): void {
    this.#timeline.after(this.#calm ? 50 : this.#random.tail(5, 50), () => this.#connect(a, b))
  }

  #connect(a: Port, b: Port): void {
    const areOpen = [a, b].every(port => port.page.isAlive && !port.isClosed)
    const isThere = this.#linked(a, b) || this.#linked(b, a)
    if (!areOpen || isThere || !this.#isWanted(a, b)) return
    const carrier = this.#apart.areApart(a.page.tab, b.page.tab) ? this.#carrierOf(a, b) : undefined
    if (
      [a, b].some(({ page }) => page.isFrozen && !page.isStalled) ||
      carrier === 'nobody' ||
      this.#signaling.swallows(a.id, b.id) ||
      (carrier === undefined ? this.#isCutEitherWay(a, b) : this.#isSilencedEitherWay(a, b))
    ) {
      this.#timeline.after(this.#random.between(200, 1_000), () => this.#connect(a, b))
      return
    }
    const none = (): Record<Lane, number> => ({ urgent: 0, normal: 0, bulk: 0 })
    const link: Link = {
      ends: [a, b],
      carrier,
      carries: true,
      latest: new Map([
        [a, none()],
        [b, none()],
      ]),
    }
    for (const [port, peer] of [[a, b] as const, [b, a] as const]) {
      const before = port.links.get(peer.id)
      if (before !== undefined) this.#supersede(before)
      port.links.set(peer.id, link)
      this.#timeline.tell(port.page.name, () => `has a link to ${peer.page.name}`)
      port.page.enter(() => port.handler?.onPeer(peer.id, true, carrier !== undefined))
    }
    if (carrier === undefined) return
    this.#watch.relayed(carrier === 'server' ? 'server carries' : 'member carries')
    if (this.#random.chance(0.3)) this.#timeline.after(this.#random.tail(500, 5_000), () => this.#meet(link))
  }

  #linked(a: Port, b: Port): boolean {
    const link = a.links.get(b.id)
    return link?.carries === true && otherEnd(link, a) === b
  }

  /** Whoever makes a new link by the same name has it instead: a node that is driven from another page by now. */
  #supersede(link: Link): void {
    link.carries = false
    for (const port of link.ends) this.#tellDown(port, link)
  }

  /** The network lets the two through: the link goes on, by another way. */
  #meet(link: Link): void {
    const [a, b] = link.ends
    if (!link.carries || this.#calm || this.#isCutEitherWay(a, b)) return
    this.#apart.canMeet(a.page.tab, b.page.tab)
    link.carrier = undefined
    this.#watch.relayed('moved')
    for (const port of link.ends) {
      const peer = otherEnd(link, port)
      port.page.enter(() => {
        if (port.links.get(peer.id) === link) port.handler?.onPeer(peer.id, true, false)
      })
    }
  }

  /** Whoever is carried itself carries nobody. */
  #carrierOf(a: Port, b: Port): Port | 'server' | 'nobody' {
    if (this.#conditions.serverCarries === true || this.#calm) return 'server'
    return this.ports.find(port => this.#canCarry(port, a, b)) ?? 'nobody'
  }

  #canCarry(port: Port, a: Port, b: Port): boolean {
    if (port.isClosed || !port.page.isAlive || port.page.isFrozen) return false
    return [a, b].every(end => {
      const leg = port.links.get(end.id)
      return leg?.carries === true && leg.carrier === undefined && !this.#isCutEitherWay(port, end)
    })
  }

  #isCutEitherWay(a: Port, b: Port): boolean {
    return this.isCut(a.page.tab, b.page.tab) || this.isCut(b.page.tab, a.page.tab)
  }

  /** By whatever way. */
  #isSilenced(from: Port, to: Port): boolean {
    return this.#cuts.get(`${from.page.tab}>${to.page.tab}`) === 'all'
  }

  #isSilencedEitherWay(a: Port, b: Port): boolean {
    return this.#isSilenced(a, b) || this.#isSilenced(b, a)
  }

  #passes(link: Link, from: Port, to: Port): boolean {
    const { carrier } = link
    if (carrier === undefined) return !this.isCut(from.page.tab, to.page.tab)
    return !this.#isSilenced(from, to) && (carrier === 'server' || this.#canCarry(carrier, from, to))
  }

  /** Those links whose carrier has lost one of their ends. */
  #breakCarried(): void {
    for (const port of this.ports) {
      for (const link of [...port.links.values()]) {
        const { carrier, ends } = link
        if (!link.carries || carrier === undefined || carrier === 'server') continue
        const reaches = (end: Port): boolean => carrier.links.get(end.id)?.carries === true
        if (!carrier.isClosed && ends.every(reaches)) continue
        this.#watch.relayed('lost with its carrier')
        this.#break(link)
      }
    }
  }

  #break(link: Link): void {
    if (!link.carries) return
    link.carries = false
    this.#broken.add(link)
    let lastNotice = 0
    for (const port of link.ends) {
      const notice = this.#noticeMs()
      lastNotice = Math.max(lastNotice, notice)
      this.#timeline.after(notice, () => this.#tellDown(port, link))
    }
    this.#timeline.after(lastNotice, () => this.#meetAgain(link))
    if (link.carrier === undefined) this.#breakCarried()
  }

  #meetAgain(link: Link): void {
    if (!this.#broken.delete(link)) return
    for (const port of link.ends) this.#tellDown(port, link)
    this.#introduce(...link.ends)
  }

  /** Unless another link has taken its place. */
  #tellDown(port: Port, link: Link): void {
    const peer = otherEnd(link, port)
    if (port.links.get(peer.id) !== link) return
    port.links.delete(peer.id)
    this.#timeline.tell(port.page.name, () => `has lost its link to ${peer.page.name}`)
    port.page.enter(() => port.handler?.onPeer(peer.id, false))
  }

  #arrival(): number {
    const { leastMs, typicalMs } = this.#conditions
    const takes = this.#calm ? leastMs + this.#random.next() * 2 : this.#random.tail(leastMs, typicalMs)
    return this.#timeline.now + takes
  }

  #noticeMs(): number {
    return this.#calm ? 10 : this.#random.tail(1, 200)
  }
}
