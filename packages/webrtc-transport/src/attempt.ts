/**
 * One attempt at a channel to a peer, by whatever way: negotiated, opened, and proven to end at that peer. What is said
 * before that is the handshake's; afterwards it is fragments of frames, and what the transports say to each other.
 */
import type { ObstacleKind } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import type { Connect, Connection } from './connection.ts'
import { type Control, decodeControl, encodeControl, isControl } from './control.ts'
import { Handshake } from './handshake.ts'
import type { Negotiation } from './signal.ts'

export interface Credentials {
  readonly self: NodeId
  readonly keys: CryptoKeyPair
  /** What both must agree on: the room, by the key under which they have found together. */
  readonly topic: (peer: NodeId) => string
}

/** How a channel reaches its peer: by itself, or carried by a server or a member. */
export type Way = 'direct' | 'server' | 'member'

/** More candidates than any machine has; they wait in memory until the description is there. */
const MAX_CANDIDATES = 64
/** Who does not even take what it is sent in frames gets no signals from us. */
const MAX_BUFFERED_FOR_CONTROL_BYTES = 1 << 20

export interface AttemptHandler {
  onNegotiation(negotiation: Negotiation): void
  /** There is a channel, and the peer is at its other end. Once. */
  onProven(key: CryptoKey | undefined): void
  /** It is not. The attempt is of no more use. */
  onImpostor(why: string): void
  /** After `onProven`: a fragment, or what should be one. */
  onFragment(message: Uint8Array | undefined): void
  /** After `onProven`. `undefined` if it was none. */
  onControl(control: Control | undefined): void
  onWritable(): void
  onClosed(): void
}

export interface AttemptOptions {
  readonly name: string
  readonly way: Way
  readonly initiator: boolean
  readonly peer: NodeId
  readonly connect: Connect
  readonly credentials: Credentials | undefined
  readonly handler: AttemptHandler
}

export class Attempt {
  readonly name: string
  readonly way: Way
  readonly #options: AttemptOptions
  readonly #connection: Connection
  #handshake: Handshake | undefined
  #proven = false
  #answered = false
  #obstacle: ObstacleKind | undefined
  #candidates = 0
  #stopped = false

  constructor(options: AttemptOptions) {
    const { name, way, initiator, connect, handler } = options
    this.name = name
    this.way = way
    this.#options = options
    // What a connection calls while it is being made, or after we have done with it, is about nothing of ours.
    const live = (): boolean => !this.#stopped
    this.#connection = connect(initiator, {
      onNegotiation: negotiation => live() && handler.onNegotiation(negotiation),
      onOpen: () => live() && this.#opened(),
      onMessage: message => live() && this.#receive(message),
      onObstacle: kind => {
        this.#obstacle = kind
      },
      onWritable: () => live() && handler.onWritable(),
      // By the connection whose other end was proven.
      onBye: () => live() && this.#proven && handler.onControl({ kind: 'bye' }),
      onClose: () => live() && handler.onClosed(),
    })
  }

  get isProven(): boolean {
    return this.#proven
  }

  /** Why it has not opened, as far as that can be told. */
  get obstacle(): ObstacleKind {
    return this.#obstacle ?? (this.#answered ? 'Blocked' : 'Silent')
  }

  get bufferedBytes(): number {
    return this.#connection.bufferedBytes
  }

  /** What the other side had for us; `false` if nobody who keeps to the protocol says it. */
  negotiate(negotiation: Negotiation): boolean {
    if (negotiation.type === 'candidate') {
      this.#candidates += 1
      if (this.#candidates > MAX_CANDIDATES) return false
    } else {
      // A copy of what it has said already.
      if (this.#answered) return true
      this.#answered = true
    }
    this.#connection.negotiate(negotiation)
    return true
  }

  /** Throws when the channel does not take it. */
  send(fragment: Uint8Array<ArrayBuffer>): void {
    this.#connection.send(fragment)
  }

  /** Ahead of all fragments that wait. One that does not fit into a message, or into the buffer, is dropped. */
  sendControl(control: Control): boolean {
    const message = encodeControl(control)
    if (message === undefined || this.#connection.bufferedBytes > MAX_BUFFERED_FOR_CONTROL_BYTES) return false
    try {
      this.#connection.send(message)
      return true
    } catch {
      // It may have closed under us; whoever holds it hears so when it is not in the middle of something.
      queueMicrotask(() => {
        if (!this.#stopped) this.#options.handler.onClosed()
      })
      return false
    }
  }

  /** Closes it, and tells the other side. Nothing is called afterwards. Twice is once. */
  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#handshake?.stop()
    this.#connection.destroy()
  }

  #opened(): void {
    const { credentials, peer, handler } = this.#options
    if (credentials === undefined) return this.#nowProven()
    const { fingerprints } = this.#connection
    if (fingerprints === undefined) return handler.onImpostor('its certificate cannot be told')
    this.#handshake = new Handshake({
      ...credentials,
      topic: credentials.topic(peer),
      peer,
      fingerprints,
      send: control => !this.#stopped && this.sendControl(control),
      onProven: key => !this.#stopped && this.#nowProven(key),
      onRefused: why => !this.#stopped && handler.onImpostor(why),
    })
  }

  #nowProven(key?: CryptoKey): void {
    this.#proven = true
    this.#options.handler.onProven(key)
  }

  #receive(message: Uint8Array | undefined): void {
    const { handler } = this.#options
    const control = message !== undefined && isControl(message) ? decodeControl(message) : undefined
    if (!this.#proven) {
      if (control !== undefined && this.#handshake !== undefined) return this.#handshake.receive(control)
      return handler.onImpostor('spoke before it had shown who it is')
    }
    if (message !== undefined && isControl(message)) handler.onControl(control)
    else handler.onFragment(message)
  }
}
