/** The clients that are linked to this node, for whoever serves them. They outlive a crash of the node, as its links do. */
import type { NodeId } from '@flotilla/core'
import { type ClientWay, type ClientWayHandler, isClientId } from '../client-way.ts'
import { report } from '../tell.ts'

/** Served at once; there are others in the room to go to. */
export const MAX_CLIENTS = 64

type Send = (to: NodeId, frame: Uint8Array) => void
type Accept = (way: ClientWay) => void

export class ClientWays {
  readonly #ways = new Map<NodeId, Way>()
  #accept: Accept | undefined = undefined

  /** Those that are there, and those that come, until the way to stop that this gives is gone. */
  serve(accept: Accept): () => void {
    this.#accept = accept
    for (const way of this.#ways.values()) this.#offer(way)
    return () => {
      if (this.#accept === accept) this.#accept = undefined
    }
  }

  /** Whether that was a client. */
  peer(peer: NodeId, up: boolean, send: Send): boolean {
    if (!isClientId(peer)) return false
    if (!up) this.#down(peer)
    else if (!this.#ways.has(peer) && this.#ways.size < MAX_CLIENTS) {
      const way = new Way(peer, send)
      this.#ways.set(peer, way)
      this.#offer(way)
    }
    return true
  }

  /** Whether it was a client's. */
  frame(from: NodeId, frame: Uint8Array): boolean {
    if (!isClientId(from)) return false
    this.#ways.get(from)?.receive(frame)
    return true
  }

  /** The transport is another, or closed. */
  allDown(): void {
    for (const peer of [...this.#ways.keys()]) this.#down(peer)
  }

  #down(peer: NodeId): void {
    const way = this.#ways.get(peer)
    this.#ways.delete(peer)
    way?.end()
  }

  #offer(way: Way): void {
    const accept = this.#accept
    if (accept !== undefined && !way.isTaken) shielded(() => accept(way))
  }
}

class Way implements ClientWay {
  readonly client: NodeId
  readonly #transmit: Send
  #handler: ClientWayHandler | undefined = undefined
  #isUp = true

  constructor(client: NodeId, transmit: Send) {
    this.client = client
    this.#transmit = transmit
  }

  get isTaken(): boolean {
    return this.#handler !== undefined
  }

  open(handler: ClientWayHandler): void {
    if (this.#handler !== undefined) throw new Error('a way is opened once')
    this.#handler = handler
  }

  send(frame: Uint8Array): void {
    if (this.#isUp) this.#transmit(this.client, frame)
  }

  receive(frame: Uint8Array): void {
    const handler = this.#handler
    if (handler !== undefined) shielded(() => handler.onFrame(frame))
  }

  end(): void {
    const handler = this.#handler
    this.#isUp = false
    this.#handler = undefined
    if (handler !== undefined) shielded(() => handler.onDown())
  }
}

/** What fails there is no business of the node's. */
function shielded(call: () => void): void {
  try {
    call()
  } catch (error) {
    report(error)
  }
}
