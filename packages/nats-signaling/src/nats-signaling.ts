/**
 * Signalling through NATS, for rooms that outgrow one signalling server: a cluster of NATS servers carries any number of
 * them, and a room may be spread over several. Spoken over WebSocket, so that browsers can.
 *
 * Who has joined hears at once what is said through the same server. The other servers of a cluster learn of it some
 * milliseconds later: what is said through them before is lost, as on any bad line, and the mesh says it again.
 *
 * The connection is not left to the client library's own reconnecting: a server that has stopped without closing its
 * sockets is then waited for without end. A connection that is lost or answers no more is dropped here, and the next server
 * is tried: at once when the network is back, otherwise after a while that grows and is spread.
 */
import { type Cancel, type Clock, systemClock } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import {
  assertSignalLength,
  backoffMs,
  MAX_RELAYED_BYTES,
  MAX_SIGNAL_LENGTH,
  type Signaling,
  type SignalingHandler,
  toldAddress,
} from '@flotilla/webrtc-transport'
import {
  AuthorizationError,
  type ConnectionOptions,
  type NatsConnection,
  NoRespondersError,
  wsconnect,
} from '@nats-io/nats-core'
import { everybodyIn, oneIn, presenceIn, relayedTo } from './subjects.ts'

export interface NatsSignalingOptions {
  /** `ws://` or `wss://` of each server; a lost one is followed by the next. */
  readonly servers: readonly string[]
  /** What the servers ask for, if anything. */
  readonly credentials?: Pick<ConnectionOptions, 'user' | 'pass' | 'token' | 'authenticator'>
  readonly clock?: Clock
  readonly random?: () => number
}

/** A connection that does not lead into the room by then is given up. Milliseconds. */
const ENTER_WITHIN_MS = 8_000
const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 15_000
/** A connection that held for so long was no failure. Milliseconds. */
const STABLE_AFTER_MS = 10_000
/** How often the server is asked whether it is there, and how long it may take to answer. Milliseconds. */
const ASK_EVERY_MS = 5_000
const ANSWER_WITHIN_MS = 4_000
/** Who is in the room and does not say so within this long is known to be there by the server only. Milliseconds. */
const PRESENT_WITHIN_MS = 300
const MAX_PRESENT = 1_000
const MAX_ID_LENGTH = 128
/** What may be on its way to a server that has not said that it read it; signals beyond are dropped, as on any bad line. */
const MAX_UNREAD_BYTES = 1 << 20
/** The same where bytes are relayed; a relayed connection has little under way at a time, but there may be many of them. */
const MAX_RELAYED_UNREAD_BYTES = 4 << 20

/** @throws RangeError if there is no server to connect to. */
export function natsSignaling(options: NatsSignalingOptions): (room: string) => Signaling {
  if (options.servers.length === 0) throw new RangeError('NATS signalling needs the address of a server')
  return room => new NatsSignaling(room, options)
}

class NatsSignaling implements Signaling {
  readonly #room: string
  readonly #options: NatsSignalingOptions
  readonly #clock: Clock
  #self: NodeId = ''
  #handler: SignalingHandler | undefined
  #entering: { readonly resolve: () => void; readonly reject: (cause: unknown) => void } | undefined
  #connection: NatsConnection | undefined
  /** Counts connections, so that what an abandoned one still says is known to be of the past. */
  #attempt = 0
  /** Counts the servers that were tried. */
  #tried = 0
  #failures = 0
  #lostIt = false
  #inRoomSince: number | undefined
  #unreadBytes = 0
  #asking = false
  #counting: Promise<readonly NodeId[] | undefined> | undefined
  #left = false
  #cancelTimer: Cancel = () => {}

  constructor(room: string, options: NatsSignalingOptions) {
    this.#room = room
    this.#options = options
    this.#clock = options.clock ?? systemClock()
  }

  /** Rejects if the server refuses us. As long as none can be reached, they are tried again. */
  join(self: NodeId, handler: SignalingHandler): Promise<void> {
    if (this.#left || this.#handler !== undefined) return Promise.reject(new Error('a room is joined once'))
    this.#self = self
    this.#handler = handler
    globalThis.addEventListener?.('online', this.#onOnline)
    return new Promise((resolve, reject) => {
      this.#entering = { resolve, reject }
      this.#connect()
    })
  }

  get unreached(): string | undefined {
    return this.#inRoomSince === undefined ? this.#options.servers.map(toldAddress).join(', ') : undefined
  }

  get isLost(): boolean {
    return this.#lostIt
  }

  send(text: string, to?: NodeId): void {
    assertSignalLength(text)
    const connection = this.#connection
    if (connection === undefined || this.#unreadBytes > MAX_UNREAD_BYTES) return
    connection.publish(to === undefined ? everybodyIn(this.#room) : oneIn(this.#room, to), text)
    this.#unreadBytes += text.length
    if (this.#unreadBytes > MAX_UNREAD_BYTES) this.#askWhetherItIsThere()
  }

  relay(message: Uint8Array<ArrayBuffer>, to: NodeId): boolean {
    if (message.byteLength > MAX_RELAYED_BYTES)
      throw new RangeError(`${message.byteLength} bytes are too many to relay`)
    const connection = this.#connection
    if (connection === undefined || this.#unreadBytes > MAX_RELAYED_UNREAD_BYTES) return false
    connection.publish(relayedTo(this.#room, to), message)
    this.#unreadBytes += message.byteLength
    if (this.#unreadBytes > MAX_UNREAD_BYTES) this.#askWhetherItIsThere()
    return true
  }

  /**
   * A server keeps no list, but says at once that nobody listens: so it is known of a page that is too busy to answer that it
   * is there. `undefined` where there is somebody, and nobody has said who.
   */
  present(): Promise<readonly NodeId[] | undefined> {
    const connection = this.#connection
    if (connection === undefined) return Promise.resolve(undefined)
    this.#counting ??= this.#count(connection).finally(() => {
      this.#counting = undefined
    })
    return this.#counting
  }

  leave(): void {
    if (this.#left) return
    this.#left = true
    globalThis.removeEventListener?.('online', this.#onOnline)
    this.#entering?.reject(new Error('left while entering the room'))
    this.#entering = undefined
    const connection = this.#connection
    this.#connection = undefined
    this.#hangUp()
    // What was just said still goes out.
    void connection?.drain().catch(() => connection.close())
  }

  readonly #onOnline = (): void => {
    this.#failures = 0
    if (this.#connection === undefined) this.#connect()
    else this.#askWhetherItIsThere()
  }

  #connect(): void {
    this.#hangUp()
    if (this.#left) return
    const attempt = this.#attempt
    this.#setTimer(ENTER_WITHIN_MS, () => this.#lost())
    this.#enter(attempt).catch(cause => {
      if (attempt === this.#attempt) this.#lost(cause)
    })
  }

  async #enter(attempt: number): Promise<void> {
    const { servers, credentials } = this.#options
    const connection = await wsconnect({
      ...credentials,
      servers: [servers[this.#tried++ % servers.length] ?? ''],
      reconnect: false,
      noEcho: true,
      ignoreClusterUpdates: true,
      timeout: ENTER_WITHIN_MS,
    })
    const isCurrent = (): boolean => attempt === this.#attempt
    if (!isCurrent()) return abandon(connection)
    connection.subscribe(relayedTo(this.#room, this.#self), {
      callback: (error, { data }) => {
        // A copy: the library may use its buffer again.
        if (error === null && isCurrent() && data.byteLength <= MAX_RELAYED_BYTES)
          this.#handler?.onRelayed?.(Uint8Array.from(data))
      },
    })
    connection.subscribe(presenceIn(this.#room), {
      callback: (error, message) => {
        if (error === null && isCurrent()) message.respond(this.#self)
      },
    })
    for (const subject of [everybodyIn(this.#room), oneIn(this.#room, this.#self)]) {
      connection.subscribe(subject, {
        callback: (error, message) => {
          if (error === null && isCurrent()) this.#hear(message.data)
        },
      })
    }
    await connection.flush()
    if (!isCurrent()) return abandon(connection)
    void connection.closed().then(() => {
      if (isCurrent()) this.#lost()
    })
    this.#entered(connection)
  }

  async #count(connection: NatsConnection): Promise<readonly NodeId[] | undefined> {
    const present = new Set<NodeId>()
    try {
      const asked = { maxWait: PRESENT_WITHIN_MS, maxMessages: MAX_PRESENT, strategy: 'timer' } as const
      for await (const { data } of await connection.requestMany(presenceIn(this.#room), '', asked)) {
        if (data.byteLength > 0 && data.byteLength <= MAX_ID_LENGTH) present.add(new TextDecoder().decode(data))
      }
    } catch (error) {
      return error instanceof NoRespondersError ? [] : undefined
    }
    return present.size === 0 ? undefined : [...present]
  }

  #hear(data: Uint8Array): void {
    // At most three bytes for each UTF-16 unit.
    if (data.byteLength > 3 * MAX_SIGNAL_LENGTH) return
    const text = new TextDecoder().decode(data)
    if (text.length <= MAX_SIGNAL_LENGTH) this.#handler?.onSignal(text)
  }

  #entered(connection: NatsConnection): void {
    this.#connection = connection
    this.#inRoomSince = this.#clock.now()
    this.#lostIt = false
    this.#setTimer(ASK_EVERY_MS, () => this.#askWhetherItIsThere())
    const entering = this.#entering
    this.#entering = undefined
    if (entering === undefined) this.#handler?.onReturn()
    else entering.resolve()
  }

  #askWhetherItIsThere(): void {
    const connection = this.#connection
    if (connection === undefined || this.#asking) return
    const attempt = this.#attempt
    this.#asking = true
    this.#setTimer(ANSWER_WITHIN_MS, () => this.#lost())
    connection.flush().then(
      () => {
        if (attempt !== this.#attempt) return
        this.#asking = false
        this.#unreadBytes = 0
        this.#setTimer(ASK_EVERY_MS, () => this.#askWhetherItIsThere())
      },
      () => undefined,
    )
  }

  #lost(cause?: unknown): void {
    if (cause instanceof AuthorizationError && this.#entering !== undefined) {
      this.#entering.reject(new Error('the NATS server refuses these credentials', { cause }))
      this.#entering = undefined
    }
    const since = this.#inRoomSince
    const stable = since !== undefined && since + STABLE_AFTER_MS <= this.#clock.now()
    this.#failures = stable ? 0 : this.#failures + 1
    const isNews = !this.#lostIt
    this.#lostIt = true
    this.#hangUp()
    const { random = Math.random } = this.#options
    this.#setTimer(backoffMs(this.#failures, FIRST_RETRY_MS, LONGEST_RETRY_MS, random), () => this.#connect())
    if (isNews) this.#handler?.onLost?.()
  }

  #hangUp(): void {
    this.#cancelTimer()
    this.#attempt++
    this.#asking = false
    this.#unreadBytes = 0
    this.#inRoomSince = undefined
    const connection = this.#connection
    this.#connection = undefined
    if (connection !== undefined) abandon(connection)
  }

  #setTimer(afterMs: number, fire: () => void): void {
    this.#cancelTimer()
    this.#cancelTimer = this.#clock.setTimer(this.#clock.now() + afterMs, fire)
  }
}

/** Without waiting: a server that has stopped never says that it has closed. */
function abandon(connection: NatsConnection): void {
  void connection.close().catch(() => undefined)
}
