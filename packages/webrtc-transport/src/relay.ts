/**
 * Ways to a peer that cannot be met: through a signalling server that carries bytes too, or through a member that is linked
 * to both. Which of them carries a connection is chosen when it is made; one that turns out to lead nowhere is followed by
 * the next.
 */
import type { Clock } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import type { Connect } from './connection.ts'
import { RelayedConnection } from './relayed-connection.ts'
import { decodeRelayed } from './relayed-message.ts'

export interface Carrier {
  /** A member, or somebody who belongs to nobody. */
  readonly kind: 'server' | 'member'
  /** Takes a message for `to`; whether it arrives is not known. `false`: it was not taken. */
  carry(message: Uint8Array<ArrayBuffer>, to: NodeId): boolean
}

export interface RelayOptions {
  /** What the room is called, where this peer is: a connection's keys belong to it. */
  readonly topic: (peer: NodeId) => string
  readonly clock: Clock
  /** Who could carry something to `peer` now, the preferred first. */
  carriersTo(peer: NodeId): readonly Carrier[]
}

export interface RelayWay {
  readonly kind: Carrier['kind']
  readonly connect: Connect
}

export class Relay {
  readonly #options: RelayOptions
  readonly #connections = new Map<string, RelayedConnection>()
  #refused = 0

  constructor(options: RelayOptions) {
    this.#options = options
  }

  /** Messages for no connection of ours, or that nobody at the other end of one has sent. */
  get refused(): number {
    return this.#refused
  }

  /** For the connection of this name, which is attempt number `attempt` to reach `peer`; `undefined` if nobody carries. */
  readonly wayTo = (peer: NodeId, attempt: number, name: string): RelayWay | undefined => {
    const carriers = this.#options.carriersTo(peer)
    const carrier = carriers[attempt % carriers.length]
    if (carrier === undefined) return undefined
    const { topic, clock } = this.#options
    const connect: Connect = (initiator, handler) => {
      const connection = new RelayedConnection({
        initiator,
        name,
        topic: topic(peer),
        clock,
        handler,
        post: message => carrier.carry(message, peer),
        over: () => {
          if (this.#connections.get(name) === connection) this.#connections.delete(name)
        },
      })
      this.#connections.set(name, connection)
      return connection
    }
    return { kind: carrier.kind, connect }
  }

  /** A message that was carried to us, by whomever. */
  receive(message: Uint8Array<ArrayBuffer>): void {
    const decoded = decodeRelayed(message)
    const connection = decoded && this.#connections.get(decoded.name)
    if (decoded === undefined || connection === undefined) {
      this.#refused += 1
      return
    }
    void connection.receive(decoded).then(isTheirs => {
      if (!isTheirs) this.#refused += 1
    })
  }

  /** Whoever was to carry this message has no way to its addressee. */
  cannotCarry(name: string): void {
    this.#connections.get(name)?.close()
  }
}
