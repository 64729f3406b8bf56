/**
 * Connections whose code comes when it is needed: simple-peer is a fifth of a page's first load, and a tab that is alone
 * has no use for it. It is fetched with the first connection, or once the page has nothing else to do, so that usually
 * nobody waits for it.
 */
import { TransportError } from '@flotilla/cluster'
import type { Connect, Connection, ConnectionHandler } from './connection.ts'
import type { Fingerprints } from './handshake.ts'
import type { Negotiation } from './signal.ts'

export class ConnectionOnDemand {
  readonly #load: () => Promise<Connect>
  #loading: Promise<Connect> | undefined
  #loaded: Connect | undefined
  #failure: TransportError | undefined

  /** @param load called again after it has failed, when the next connection is wanted */
  constructor(load: () => Promise<Connect>) {
    this.#load = load
  }

  /** Why the code is not there, if the last attempt to fetch it failed. */
  get failure(): TransportError | undefined {
    return this.#failure
  }

  readonly connect: Connect = (initiator, handler) =>
    this.#loaded?.(initiator, handler) ?? new AwaitedConnection(this.#fetch(), initiator, handler)

  prefetch(): void {
    // Whoever connects next is told that it failed, and tries again.
    const fetch = (): void => void this.#fetch().catch(() => {})
    if (typeof requestIdleCallback === 'function') requestIdleCallback(fetch, { timeout: PREFETCH_WITHIN_MS })
    else setTimeout(fetch, PREFETCH_WITHIN_MS)
  }

  #fetch(): Promise<Connect> {
    this.#loading ??= this.#load().then(
      connect => {
        this.#failure = undefined
        this.#loaded = connect
        return connect
      },
      (cause: unknown) => {
        this.#loading = undefined
        this.#failure = new TransportError('Unsupported', 'the code for connections cannot be loaded', { cause })
        throw this.#failure
      },
    )
    return this.#loading
  }
}

const PREFETCH_WITHIN_MS = 1_000

/** Remembers what the other side said until there is a connection to hear it. */
class AwaitedConnection implements Connection {
  #connection: Connection | undefined
  #said: Negotiation[] = []
  #destroyed = false

  constructor(connect: Promise<Connect>, initiator: boolean, handler: ConnectionHandler) {
    connect.then(
      connect => {
        if (this.#destroyed) return
        this.#connection = connect(initiator, handler)
        for (const negotiation of this.#said) this.#connection.negotiate(negotiation)
        this.#said = []
      },
      () => {
        if (!this.#destroyed) handler.onClose()
      },
    )
  }

  negotiate(negotiation: Negotiation): void {
    if (this.#connection) this.#connection.negotiate(negotiation)
    else this.#said.push(negotiation)
  }

  send(message: Uint8Array<ArrayBuffer>): void {
    if (this.#connection === undefined) throw new Error('a connection takes messages once it is open')
    this.#connection.send(message)
  }

  get bufferedBytes(): number {
    return this.#connection?.bufferedBytes ?? 0
  }

  get fingerprints(): Fingerprints | undefined {
    return this.#connection?.fingerprints
  }

  destroy(): void {
    this.#destroyed = true
    this.#said = []
    this.#connection?.destroy()
  }
}
