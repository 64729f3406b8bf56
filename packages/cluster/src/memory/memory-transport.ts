/**
 * A network in memory: the nodes of one process reach each other by it in tests and in the Lab. Its links are perfect,
 * and every delivery is a job of its own, given to `schedule`, so that whoever owns time decides when it happens.
 */
import type { NodeId } from '@flotilla/core'
import { type Lane, MAX_FRAME_BYTES, type Transport, TransportError, type TransportHandler } from '../transport.ts'

/** Bytes under way in one direction of a link; what would exceed it is dropped. */
const MAX_QUEUED_BYTES = 64 * 1024 * 1024

export interface MemoryNetwork {
  /** Transports of the same room reach each other. */
  transport(room: string): Transport
}

export interface MemoryNetworkOptions {
  /** Runs the job later, never at once, and jobs in the order given. Default: as a microtask. */
  readonly schedule?: (job: () => void) => void
}

export function memoryNetwork({ schedule = queueMicrotask }: MemoryNetworkOptions = {}): MemoryNetwork {
  const rooms = new Map<string, Map<NodeId, MemoryTransport>>()
  return {
    transport(room) {
      let members = rooms.get(room)
      if (members === undefined) {
        members = new Map()
        rooms.set(room, members)
      }
      return new MemoryTransport(members, schedule)
    },
  }
}

/** One direction of a link. */
interface Way {
  readonly to: MemoryTransport
  readonly lanes: Readonly<Record<Lane, Uint8Array[]>>
  queuedBytes: number
  /** False once the receiver has closed. */
  up: boolean
}

class MemoryTransport implements Transport {
  readonly #room: Map<NodeId, MemoryTransport>
  readonly #schedule: (job: () => void) => void
  readonly #ways = new Map<NodeId, Way>()
  #self: NodeId | undefined = undefined
  #handler: TransportHandler | undefined = undefined
  #closed = false

  constructor(room: Map<NodeId, MemoryTransport>, schedule: (job: () => void) => void) {
    this.#room = room
    // Not called as a method: browsers refuse their own `queueMicrotask` with another `this`.
    this.#schedule = job => schedule(job)
  }

  async open(self: NodeId, handler: TransportHandler): Promise<void> {
    if (this.#closed) throw new TransportError('Closed', 'this transport was closed')
    if (this.#room.has(self)) throw new TransportError('SignalingFailed', `${self} is in this room already`)
    this.#self = self
    this.#handler = handler
    for (const [id, peer] of this.#room) {
      this.#link(id, peer)
      peer.#link(self, this)
    }
    this.#room.set(self, this)
  }

  send(to: NodeId, frame: Uint8Array, lane: Lane): void {
    if (frame.byteLength > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${frame.byteLength} bytes is too long`)
    const way = this.#ways.get(to)
    if (way === undefined || way.queuedBytes + frame.byteLength > MAX_QUEUED_BYTES) return
    // A copy, as every real network makes one: the bytes are the receiver's to keep.
    way.lanes[lane].push(frame.slice())
    way.queuedBytes += frame.byteLength
    this.#schedule(() => this.#deliverNext(way))
  }

  peers(): readonly NodeId[] {
    return [...this.#ways.keys()]
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (this.#self === undefined) return
    if (this.#room.get(this.#self) === this) this.#room.delete(this.#self)
    // What was sent before still arrives, and then the news that the link is down.
    for (const { to } of this.#ways.values()) to.#unlink(this.#self)
    this.#ways.clear()
  }

  #link(id: NodeId, peer: MemoryTransport): void {
    this.#ways.set(id, { to: peer, lanes: { urgent: [], normal: [], bulk: [] }, queuedBytes: 0, up: true })
    this.#tell(id, true)
  }

  #unlink(id: NodeId): void {
    const way = this.#ways.get(id)
    if (way === undefined) return
    way.up = false
    this.#ways.delete(id)
    this.#tell(id, false)
  }

  #tell(peer: NodeId, up: boolean): void {
    this.#schedule(() => {
      if (!this.#closed) this.#handler?.onPeer(peer, up)
    })
  }

  /** One frame was sent for each such job, but the most urgent one goes first. */
  #deliverNext(way: Way): void {
    if (!way.up || this.#self === undefined) return
    const { urgent, normal, bulk } = way.lanes
    const frame = urgent.shift() ?? normal.shift() ?? bulk.shift()
    if (frame === undefined) return
    way.queuedBytes -= frame.byteLength
    way.to.#handler?.onFrame(this.#self, frame)
  }
}
