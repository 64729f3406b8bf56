/** A page's end of the room's network, and the links that it has to others'. */
import {
  type Lane,
  MAX_FRAME_BYTES,
  type Membership,
  type Transport,
  TransportError,
  type TransportHandler,
} from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import type { Page } from './page.ts'

/** Two pages that reach each other. Another link between the same two is another object. */
export interface Link {
  readonly ends: readonly [Port, Port]
  /** Who carries it, if it is not direct. */
  carrier: Port | 'server' | undefined
  /** Frames arrive; false from the moment it breaks, which its ends learn later. */
  carries: boolean
  /** When the latest frame of each lane arrives, by sender. */
  readonly latest: Map<Port, Record<Lane, number>>
}

export function otherEnd({ ends }: Link, port: Port): Port {
  return ends[0] === port ? ends[1] : ends[0]
}

/** What a port has of its network. */
export interface PortsNetwork {
  opened(port: Port): void
  knowsMembers(port: Port): void
  /** `told`: the page said so itself, and what it sent before still arrives. */
  closed(port: Port, told: boolean): void
  send(port: Port, to: NodeId, bytes: Uint8Array, lane: Lane): void
}

export class Port implements Transport {
  readonly page: Page
  readonly links = new Map<NodeId, Link>()
  id: NodeId = ''
  handler: TransportHandler | undefined = undefined
  isClosed = false
  membership: Membership = { members: [], voters: [] }
  /** Whom it wants links to, of those who are there. */
  wanted: ReadonlySet<NodeId> = new Set()
  readonly #network: PortsNetwork

  constructor(network: PortsNetwork, page: Page) {
    this.#network = network
    this.page = page
  }

  async open(self: NodeId, handler: TransportHandler): Promise<void> {
    if (this.isClosed) throw new TransportError('Closed', 'this transport was closed')
    this.id = self
    this.handler = handler
    this.#network.opened(this)
  }

  knowMembers(membership: Membership): void {
    this.membership = membership
    this.#network.knowsMembers(this)
  }

  send(to: NodeId, frame: Uint8Array, lane: Lane): void {
    if (frame.byteLength > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${frame.byteLength} bytes is too long`)
    if (!this.isClosed) this.#network.send(this, to, frame, lane)
  }

  peers(): readonly NodeId[] {
    return [...this.links.keys()]
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    this.#network.closed(this, true)
  }

  /** The page is dead: nobody says so. */
  vanish(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.#network.closed(this, false)
  }
}
