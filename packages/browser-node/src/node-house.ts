/** The place where a page's node runs, be it a worker or the page itself: opens it, and does what the page asks of it. */
import type { Port } from '@flotilla/client'
import { ClusterError } from '@flotilla/cluster'
import type { Connections } from '@flotilla/webrtc-transport'
import { type ClusterInHere, type NodesGround, openDrivenNode } from './driven-node.ts'
import type { FromHouse, HouseEnd, HouseError, PageEvent, ToHouse } from './house.ts'
import { type DrivenNode, Household, type HouseholdHost } from './household/household.ts'
import { liveThrough } from './page-life.ts'
import type { NodeProgram } from './program.ts'
import type { WatchedPlace } from './watching/watched-place.ts'
import type { NodeFaults } from './watching/watcher.ts'

/** What of its thread and its browser the node's place has to do with. */
export interface HouseGround extends NodesGround, Pick<HouseholdHost, 'name' | 'locks' | 'channel' | 'random'> {
  /** Makes the page's client a way to here, in place of any before, and gives this end of it. */
  newWay(page: HouseEnd<FromHouse>): Port
  /** Connections that the page makes for whoever cannot. */
  connections(page: MessagePort): Connections
  /** Of the page, for who else is in this thread and hears nothing of it. */
  pageEvent(event: 'pagehide' | 'pageshow'): void
}

/** `page`: the way to the page. In a worker it is the worker's own. */
export function keepHouse<Command, Result>(
  program: NodeProgram<Command, Result>,
  page: HouseEnd<FromHouse>,
  ground: HouseGround,
): void {
  let house: NodeHouse<Command, Result> | undefined
  page.onmessage = ({ data }: MessageEvent<ToHouse>) => {
    switch (data.kind) {
      case 'begin':
        house ??= new NodeHouse(program, data, page, ground)
        return
      case 'alive?':
        return page.postMessage({ kind: 'alive', nonce: data.nonce })
      case 'page':
        return house?.pageEvent(data.event)
      case 'faults':
        return house?.setFaults(data.faults)
      case 'close': {
        const closed = (): void => page.postMessage({ kind: 'closed' })
        return void (house?.close() ?? Promise.resolve()).then(closed, closed)
      }
      default:
        data satisfies never
    }
  }
}

type Begin = Extract<ToHouse, { kind: 'begin' }>

class NodeHouse<Command, Result> {
  readonly #program: NodeProgram<Command, Result>
  readonly #begin: Begin
  readonly #page: HouseEnd<FromHouse>
  readonly #ground: HouseGround
  readonly #connections: Connections | undefined
  readonly #watched: Promise<WatchedPlace> | undefined
  #preferred: Begin['preferredNode']
  #node: ClusterInHere | undefined
  #household: Household | undefined
  #closed = false

  constructor(program: NodeProgram<Command, Result>, begin: Begin, page: HouseEnd<FromHouse>, ground: HouseGround) {
    this.#program = program
    this.#begin = begin
    this.#page = page
    this.#ground = ground
    this.#preferred = begin.preferredNode
    this.#connections = begin.connections && ground.connections(begin.connections)
    this.#watched = begin.faults && watchedPlace(begin.faults, page)
    if (begin.settings.nodes === 'perTab') this.#openOwn()
    else this.#household = this.#move()
  }

  pageEvent(event: PageEvent): void {
    liveThrough(event, this.#node?.cluster, said => this.#ground.pageEvent(said))
  }

  setFaults(faults: NodeFaults): void {
    void this.#watched?.then(place => {
      place.setFaults(faults)
      this.#page.postMessage({ kind: 'disturbed' })
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#household?.close()
    await this.#node?.close()
  }

  async #open(lost: () => void): Promise<ClusterInHere> {
    const { settings } = this.#begin
    const node = await openDrivenNode({
      program: this.#program,
      settings,
      ground: this.#ground,
      connections: this.#connections,
      preferredNode: this.#preferred,
      watched: await this.#watched,
      lost,
    })
    this.#node = node
    this.#preferred = node.cluster.id
    node.cluster.on('identity', ({ id }) => {
      this.#preferred = id
      this.#page.postMessage({ kind: 'drives', id })
    })
    return node
  }

  /** Every tab a node of its own. */
  async #openOwn(): Promise<void> {
    try {
      const node = await this.#open(() => this.#becomeAnother())
      if (this.#closed) return await node.close()
      this.#page.postMessage({ kind: 'drives', id: node.cluster.id })
      this.#serve(node)
    } catch (error) {
      this.#page.postMessage({ kind: 'failed', error: toldError(error) })
    }
  }

  /** Its database is gone. */
  #becomeAnother(): void {
    const next = (): void => {
      if (!this.#closed) void this.#openOwn()
    }
    this.#node?.abandon().then(next, next)
  }

  #move(): Household {
    const { name, locks, channel, clock, random } = this.#ground
    const household = new Household({
      room: this.#begin.room,
      name,
      locks,
      channel,
      clock,
      random,
      open: () => this.#open(() => household.lost()),
      found: port => this.#handOver(port),
      foundHere: node => this.#serve(node),
      drives: drives => {
        if (!drives) this.#node = undefined
        this.#page.postMessage({ kind: 'drives', id: drives ? this.#node?.cluster.id : undefined })
      },
      failed: error => this.#page.postMessage({ kind: 'failed', error: toldError(error) }),
    })
    return household
  }

  #serve(node: DrivenNode): () => void {
    return node.serve(this.#ground.newWay(this.#page))
  }

  /** The page has a port of its own; what comes from either end goes to the other as it is. */
  #handOver(port: Port): void {
    const toPage = this.#ground.newWay(this.#page)
    toPage.open(message => port.send(message))
    port.open(message => toPage.send(message))
  }
}

/** Loaded for those only who watch. */
async function watchedPlace(faults: NodeFaults, page: HouseEnd<FromHouse>): Promise<WatchedPlace> {
  const { WatchedPlace } = await import('./watching/watched-place.ts')
  return new WatchedPlace(faults, events => page.postMessage({ kind: 'trace', events }))
}

function toldError(error: unknown): HouseError {
  if (error instanceof ClusterError) return { kind: error.kind, message: error.message }
  return { kind: undefined, message: error instanceof Error ? error.message : String(error) }
}
