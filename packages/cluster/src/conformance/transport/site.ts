/** Where a case of the transport suite takes place: open transports in a room of its own, and what each was told. */
import type { NodeId } from '@flotilla/core'
import type { Transport } from '../../transport.ts'
import { until } from '../until.ts'

export interface TransportSubject {
  /** A transport of this room, not yet open, as one tab makes it. All of the same room can reach each other. */
  transport(room: string): Transport
}

interface Arrival {
  readonly from: NodeId
  readonly frame: Uint8Array
}

/** One node of a case: an open transport, and everything that it was told. */
export class Station {
  readonly id: NodeId
  readonly transport: Transport
  readonly arrivals: Arrival[] = []
  readonly links: { readonly peer: NodeId; readonly up: boolean; readonly relayed: boolean }[] = []
  onArrival: ((arrival: Arrival) => void) | undefined = undefined

  constructor(id: NodeId, transport: Transport) {
    this.id = id
    this.transport = transport
  }

  open(): Promise<void> {
    return this.transport.open(this.id, {
      onFrame: (from, frame) => {
        const arrival = { from, frame }
        this.arrivals.push(arrival)
        this.onArrival?.(arrival)
      },
      onPeer: (peer, up, relayed = false) => this.links.push({ peer, up, relayed }),
    })
  }

  sees(peer: NodeId): boolean {
    return this.transport.peers().includes(peer)
  }

  /** Each time that a link came up or went down. That it goes another way now, and is as up as before, is neither. */
  linksTo(peer: NodeId): boolean[] {
    const told = this.links.filter(link => link.peer === peer)
    const isNews = ({ up, relayed }: (typeof told)[number], i: number): boolean => {
      const before = told[i - 1]
      return !up || before?.up !== true || before.relayed === relayed
    }
    return told.filter(isNews).map(({ up }) => up)
  }
}

/** Opens stations in rooms of their own, and closes them when the case is over. */
export class Site {
  readonly room = `conformance-${Math.random().toString(36).slice(2)}`
  readonly #subject: TransportSubject
  readonly #stations: Station[] = []

  constructor(subject: TransportSubject) {
    this.#subject = subject
  }

  async open(id: NodeId, room = this.room): Promise<Station> {
    const station = new Station(id, this.#subject.transport(room))
    this.#stations.push(station)
    await station.open()
    return station
  }

  async pair(): Promise<[Station, Station]> {
    const a = await this.open('node-a')
    const b = await this.open('node-b')
    await linked(a, b)
    return [a, b]
  }

  async trio(): Promise<[Station, Station, Station]> {
    const [a, b] = await this.pair()
    const c = await this.open('node-c')
    await linked(a, c)
    await linked(b, c)
    return [a, b, c]
  }

  /** One that nobody opens. */
  unopened(): Transport {
    return this.#subject.transport(this.room)
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.#stations.map(({ transport }) => transport.close()))
  }
}

export async function linked(a: Station, b: Station): Promise<void> {
  await until(() => a.sees(b.id) && b.sees(a.id), `${a.id} and ${b.id} are linked`)
}

/** One frame each way: whatever was sent before it in the lane has arrived by then, or never will. */
export async function exchange(a: Station, b: Station): Promise<void> {
  const before = [a.arrivals.length, b.arrivals.length] as const
  a.transport.send(b.id, text('there'), 'bulk')
  await until(() => b.arrivals.length > before[1], `a frame from ${a.id} reaches ${b.id}`)
  b.transport.send(a.id, text('and back'), 'bulk')
  await until(() => a.arrivals.length > before[0], `a frame from ${b.id} reaches ${a.id}`)
}

export function text(words: string): Uint8Array {
  return new TextEncoder().encode(words)
}
