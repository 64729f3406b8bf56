/**
 * Signalling over NATS, for rooms that outgrow one server: any number of servers, as a cluster, carry any number of rooms.
 * NATS has a way of connecting again of its own, but a server that stands still keeps it waiting for a goodbye that never
 * comes; so each connection here lives once, and another is made when it is over or answers no more.
 */
import { type Cancel, type Clock, TransportError } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import type { ConnectionOptions, NatsConnection } from '@nats-io/nats-core'
import { backoffMs } from './backoff.ts'
import { toBase64url } from './base64url.ts'
import { assertSignalLength, MAX_SIGNAL_LENGTH, type Signaling, type SignalingHandler } from './signaling.ts'
import { timeoutClock } from './timeout-clock.ts'

export interface NatsSignalingOptions {
  /** The servers' WebSocket addresses, `wss://host:port`. The first is used, and when that fails the next. */
  readonly servers: readonly string[]
  /** Who we are to the servers, where they ask: `user` and `pass`, a `token`, an `authenticator`. */
  readonly credentials?: Pick<ConnectionOptions, 'user' | 'pass' | 'token' | 'authenticator'>
  readonly clock?: Clock
  readonly random?: () => number
}

const CONNECT_WITHIN_MS = 8_000
const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 15_000
const STABLE_AFTER_MS = 10_000
/** How often a server is asked whether it is there, and how long it may take to answer. Milliseconds. */
const ASK_EVERY_MS = 20_000
const ANSWER_WITHIN_MS = 10_000

export function natsSignaling(options: NatsSignalingOptions): (room: string) => Signaling {
  return room => new NatsSignaling(room, options)
}

class NatsSignaling implements Signaling {
  readonly #subject: string
  readonly #options: NatsSignalingOptions
  readonly #clock: Clock
  /** Before each of our texts: NATS lets a sender hear itself, and two tabs may have one id. */
  readonly #mark = toBase64url(crypto.getRandomValues(new Uint8Array(9)))
  #self: NodeId = ''
  #handler: SignalingHandler | undefined
  #connection: NatsConnection | undefined
  /** Which connection is meant: one that took too long is told from the one after it. */
  #attempt = 0
  #connectedAt = 0
  #failures = 0
  /** Which of the servers it is. */
  #turn = 0
  #entered: (() => void) | undefined
  #left = false
  #cancelTimer: Cancel = () => {}

  constructor(room: string, options: NatsSignalingOptions) {
    this.#subject = `flotilla.signal.${token(room)}`
    this.#options = options
    this.#clock = options.clock ?? timeoutClock
  }

  /** As long as no server can be reached, they are tried again. */
  join(self: NodeId, handler: SignalingHandler): Promise<void> {
    // Without it the client of NATS waits for ever.
    if (typeof WebSocket !== 'function') return Promise.reject(new Error('there is no WebSocket here'))
    if (this.#left || this.#handler !== undefined) return Promise.reject(new Error('a room is joined once'))
    this.#self = self
    this.#handler = handler
    globalThis.addEventListener?.('online', this.#onOnline)
    return new Promise(resolve => {
      this.#entered = resolve
      void this.#connect()
    })
  }

  send(text: string, to?: NodeId): void {
    assertSignalLength(text)
    if (this.#left) return
    const subject = to === undefined ? `${this.#subject}.all` : `${this.#subject}.to.${token(to)}`
    try {
      this.#connection?.publish(subject, `${this.#mark}|${text}`)
    } catch {
      // The connection is just ending: the text is lost, as on any bad line.
    }
  }

  leave(): void {
    if (this.#left) return
    this.#left = true
    globalThis.removeEventListener?.('online', this.#onOnline)
    this.#cancelTimer()
    this.#attempt += 1
    // What was published still goes out.
    this.#connection?.drain().catch(() => {})
    this.#connection = undefined
  }

  readonly #onOnline = (): void => {
    this.#failures = 0
    void this.#connect()
  }

  async #connect(): Promise<void> {
    this.#abandon()
    if (this.#left) return
    this.#attempt += 1
    const attempt = this.#attempt
    const isCurrent = (): boolean => this.#attempt === attempt
    this.#setTimer(CONNECT_WITHIN_MS, () => this.#lost())
    try {
      const connection = await this.#open()
      if (!isCurrent()) return void connection.close().catch(() => {})
      this.#connection = connection
      void connection.closed().then(() => isCurrent() && this.#lost())
      for (const subject of [`${this.#subject}.all`, `${this.#subject}.to.${token(this.#self)}`]) {
        connection.subscribe(subject, {
          callback: (error, message) => {
            if (error === null && isCurrent()) this.#hear(message.data)
          },
        })
      }
      await connection.flush()
      if (isCurrent()) this.#enter()
    } catch {
      if (isCurrent()) this.#lost()
    }
  }

  async #open(): Promise<NatsConnection> {
    const { servers, credentials } = this.#options
    const { wsconnect } = await import('@nats-io/nats-core').catch((cause: unknown) => {
      throw new TransportError('Unsupported', 'the code for NATS cannot be loaded', { cause })
    })
    return wsconnect({
      ...credentials,
      // One at a time: of several it waits for each as long as for all.
      servers: [servers[this.#turn % servers.length] ?? ''],
      reconnect: false,
      // Servers tell each other's addresses, which may be none that a page can reach.
      ignoreClusterUpdates: true,
      timeout: CONNECT_WITHIN_MS,
    })
  }

  #enter(): void {
    this.#connectedAt = this.#clock.now()
    this.#setTimer(ASK_EVERY_MS, () => void this.#ask())
    const entered = this.#entered
    this.#entered = undefined
    if (entered === undefined) this.#handler?.onReturn()
    else entered()
  }

  async #ask(): Promise<void> {
    const attempt = this.#attempt
    this.#setTimer(ANSWER_WITHIN_MS, () => this.#lost())
    await this.#connection?.rtt().catch(() => {})
    if (this.#attempt === attempt && !this.#left) this.#setTimer(ASK_EVERY_MS, () => void this.#ask())
  }

  #hear(data: Uint8Array): void {
    // Four bytes hold any unit of UTF-16.
    if (this.#left || data.byteLength > 4 * MAX_SIGNAL_LENGTH + 64) return
    const whole = new TextDecoder('utf-8', { ignoreBOM: true }).decode(data)
    const end = whole.indexOf('|')
    const text = whole.slice(end + 1)
    if (end < 0 || whole.slice(0, end) === this.#mark || text.length > MAX_SIGNAL_LENGTH) return
    this.#handler?.onSignal(text)
  }

  #lost(): void {
    const stable = this.#connection !== undefined && this.#connectedAt + STABLE_AFTER_MS <= this.#clock.now()
    this.#failures = stable ? 0 : this.#failures + 1
    this.#turn += 1
    this.#abandon()
    const { random = Math.random } = this.#options
    this.#setTimer(backoffMs(this.#failures, FIRST_RETRY_MS, LONGEST_RETRY_MS, random), () => void this.#connect())
  }

  /** Without waiting: a server that has stopped never says that it has closed. */
  #abandon(): void {
    this.#cancelTimer()
    this.#attempt += 1
    this.#connection?.close().catch(() => {})
    this.#connection = undefined
  }

  #setTimer(afterMs: number, fire: () => void): void {
    this.#cancelTimer()
    this.#cancelTimer = this.#clock.setTimer(this.#clock.now() + afterMs, fire)
  }
}

/** Any text as a part of a subject, in which dots, stars and blanks mean something. */
const token = (text: string): string => toBase64url(new TextEncoder().encode(text))
