/**
 * One node's connection to the others: its transport, and its links over it. A transport that does not open is tried again
 * for as long as the node lives, where nobody wants to hear that it failed.
 */
import type { NodeId } from '@flotilla/core'
import { ClusterError } from '../api.ts'
import { isClientId } from '../client-way.ts'
import { Links, type LinksConfig } from '../links/links.ts'
import { Alarm } from '../time/alarm.ts'
import type { Membership } from '../topology.ts'
import {
  type Keyed,
  type Obstacle,
  type Transport,
  TransportError,
  type TransportErrorKind,
  type TransportHandler,
} from '../transport.ts'
import { ClientWays } from './client-ways.ts'
import type { Patience } from './patience.ts'

const TRY_AGAIN_MS = 5_000

export interface ConnectionConfig extends Omit<LinksConfig, 'transport'> {
  /** A new one for each attempt. */
  readonly newTransport: () => Transport
  /** What this node proves itself with to a transport that asks for it. */
  readonly keys: CryptoKeyPair | undefined
  /** Default: nobody serves them. */
  readonly clients?: ClientWays
  /** A link came up or went down, and that is news. */
  readonly onPeer: (peer: NodeId, up: boolean) => void
  /** Its link is up as before, and relayed or not any more. */
  readonly onMoved: (peer: NodeId) => void
  /** A peer told its transport's peers that it goes. */
  readonly onBye: (peer: NodeId) => void
  /** This node is where the room is: it knows of a leader. */
  readonly hasLeader: () => boolean
  /** The transport is open, or failed, or something else is in its way. */
  readonly changed: () => void
}

export class Connection {
  readonly links: Links
  readonly #config: ConnectionConfig
  readonly #clients: ClientWays
  readonly #alarm: Alarm
  #transport: Transport
  #lastFailure: TransportErrorKind | undefined = undefined
  #isClosed = false
  #keys: readonly string[] = []
  #membership: Membership = { members: [], voters: [] }

  constructor(config: ConnectionConfig) {
    this.#config = config
    this.#clients = config.clients ?? new ClientWays()
    this.#transport = config.newTransport()
    this.links = new Links({
      ...config,
      transport: { send: (to, frame, lane) => this.#transport.send(to, frame, lane) },
    })
    this.#alarm = new Alarm(config.clock, () => this.#tryAgain())
  }

  /** Why it is not open, if it failed. */
  get failure(): TransportErrorKind | undefined {
    return this.#lastFailure
  }

  /** Then its key is the room's, whatever it was told. */
  leaderKnown(): void {
    if (this.#lastFailure !== 'KeyReplaced') return
    this.#lastFailure = undefined
    this.#config.changed()
  }

  /** Who belongs to the room by now. */
  knowMembers(membership: Membership): void {
    this.#membership = membership
    this.#transport.knowMembers?.(membership)
  }

  get keyed(): Keyed | undefined {
    return this.#transport.keyed
  }

  /** What closes the room by now, and what did before. */
  rekey(keys: readonly string[]): void {
    this.#keys = keys
    this.#transport.keyed?.rekey(keys)
  }

  /** What its transport says, and whoever is linked and speaks another version. */
  get obstacles(): readonly Obstacle[] {
    const known = this.#transport.obstacles?.() ?? []
    const others = [...this.links.otherVersions].map(peer => ({ kind: 'OtherVersion' as const, peer }))
    return [...known, ...others]
  }

  /** Rejects as the transport does. */
  async open(): Promise<void> {
    const transport = this.#transport
    transport.knowMembers?.(this.#membership)
    if (this.#keys.length > 0) transport.keyed?.rekey(this.#keys)
    const isCurrent = (): boolean => !this.#isClosed && transport === this.#transport
    const handler: TransportHandler = {
      onFrame: (from, frame) => {
        if (isCurrent() && !this.#clients.frame(from, frame)) this.links.receive(from, frame)
      },
      onPeer: (peer, up, relayed = false) => {
        if (!isCurrent()) return
        this.#told(peer, up, up && relayed)
      },
      onKeyReplaced: () => {
        // A node of a room that works knows better than somebody who only has the key. A link alone says nothing: those who
        // are kept out link to one another.
        if (!isCurrent() || this.#config.hasLeader() || this.#lastFailure === 'KeyReplaced') return
        this.#lastFailure = 'KeyReplaced'
        this.#config.changed()
      },
      onObstacles: () => {
        if (isCurrent()) this.#config.changed()
      },
      onBye: peer => {
        if (isCurrent() && !isClientId(peer)) this.#config.onBye(peer)
      },
    }
    await transport.open(this.#config.self, handler, { keys: this.#config.keys })
    if (!isCurrent()) return transport.close()
    for (const peer of transport.peers()) this.#told(peer, true, transport.isRelayed?.(peer) ?? false)
    if (this.#lastFailure !== 'KeyReplaced') this.#lastFailure = undefined
    this.#config.changed()
  }

  /** @throws ClusterError if the transport does not open, or not in time; it is closed then. */
  async openWithin(patience: Patience): Promise<void> {
    const close = (): void => void this.close().catch(() => undefined)
    try {
      await patience.wait(this.open(), () => 'transport', close)
    } catch (cause) {
      close()
      if (cause instanceof ClusterError) throw cause
      throw new ClusterError('TransportFailed', 'no other tab can be reached', { cause })
    }
  }

  /** Opens sooner or later, if that can be done at all. */
  keepOpening(): void {
    this.open().catch((cause: unknown) => this.failed(cause))
  }

  failed(cause: unknown): void {
    if (this.#isClosed) return
    this.#lastFailure = cause instanceof TransportError ? cause.kind : 'Closed'
    this.#alarm.noLaterThan(this.#config.clock.now() + TRY_AGAIN_MS)
    this.#config.changed()
  }

  /** Nothing comes in or goes out any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#alarm.stop()
    this.links.stop()
    this.#clients.allDown()
    await this.#transport.close()
  }

  #told(peer: NodeId, up: boolean, relayed: boolean): void {
    const transport = this.#transport
    if (this.#clients.peer(peer, up, (to, frame) => transport.send(to, frame, 'normal'))) return
    const moved = this.links.setRelayed(peer, relayed)
    if (this.links.setUp(peer, up)) this.#config.onPeer(peer, up)
    else if (moved) this.#config.onMoved(peer)
  }

  #tryAgain(): void {
    const before = this.#transport
    this.#transport = this.#config.newTransport()
    this.#clients.allDown()
    void before.close().catch(() => undefined)
    this.keepOpening()
  }
}
