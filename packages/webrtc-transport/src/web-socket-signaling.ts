/**
 * Signalling through a server, for tabs of different browsers and machines (`@flotilla/signaling-server`; what the two
 * say to each other is in its `frame.ts`). A connection that is lost, or that answers no more, is made again for as
 * long as the tab is open: at once when the network is back, otherwise after a while that grows and is spread, so that a
 * class does not storm a server that has just been started again.
 */
import type { Cancel, Clock } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { backoffMs } from './backoff.ts'
import { MAX_RELAYED_BYTES } from './relayed-message.ts'
import { toldAddress } from './server-address.ts'
import { isId } from './signal.ts'
import { assertSignalLength, MAX_SIGNAL_LENGTH, type Signaling, type SignalingHandler } from './signaling.ts'
import { timeoutClock } from './timeout-clock.ts'

/** What is used of a WebSocket, so that a browser's and Node's do. */
export interface WebSocketLike {
  readonly readyState: number
  readonly bufferedAmount: number
  binaryType: string
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(data: string | Uint8Array<ArrayBuffer>): void
  close(code?: number): void
}

export interface WebSocketSignalingOptions {
  /** Of the server: `wss://host/signaling`. */
  readonly url: string
  readonly clock?: Clock
  readonly random?: () => number
  /** Where there is no `WebSocket`, as in Node 20: a class like it. */
  readonly webSocket?: new (
    url: string,
  ) => WebSocketLike
}

/** A connection that does not lead into the room by then is given up. Milliseconds. */
const ENTER_WITHIN_MS = 8_000
const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 15_000
/** A connection that held for so long was no failure. Milliseconds. */
const STABLE_AFTER_MS = 10_000
/** How often a silent server is asked whether it is there, and how long it may take to answer. Milliseconds. */
export const PING_EVERY_MS = 20_000
const PONG_WITHIN_MS = 10_000
/** What may wait in the browser for a server that does not read; signals beyond are dropped, as on any bad line. */
const MAX_WAITING_BYTES = 1 << 20
/** The same for bytes that are relayed; a relayed connection has little under way at a time, but there may be many of them. */
const MAX_RELAYED_WAITING_BYTES = 4 << 20
/** How a WebSocket says that this is a goodbye. Closed without it, the server takes us for cut off, and for one who comes back. */
const GOODBYE = 1_000
/** Close codes by which the server says that it understood us, and why it will not have us. */
const REFUSALS = { from: 4_400, to: 4_499 } as const

export function webSocketSignaling(options: WebSocketSignalingOptions): (room: string) => Signaling {
  return room => new WebSocketSignaling(room, options)
}

class WebSocketSignaling implements Signaling {
  readonly #room: string
  readonly #options: WebSocketSignalingOptions
  readonly #clock: Clock
  #self: NodeId = ''
  #handler: SignalingHandler | undefined
  #entering: { readonly resolve: () => void; readonly reject: (cause: Error) => void } | undefined
  #socket: WebSocketLike | undefined
  #inRoomSince: number | undefined
  /** Whether this server carries bytes. */
  #relays = false
  #failures = 0
  #lostIt = false
  #left = false
  /** Who has asked who is there. */
  #asking: ((present: readonly NodeId[] | undefined) => void)[] = []
  #cancelTimer: Cancel = () => {}

  constructor(room: string, options: WebSocketSignalingOptions) {
    this.#room = room
    this.#options = options
    this.#clock = options.clock ?? timeoutClock
  }

  /** Rejects if the server refuses us. As long as it cannot be reached, it is tried again. */
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

  get isLost(): boolean {
    return this.#lostIt
  }

  get unreached(): string | undefined {
    return this.#inRoomSince === undefined ? toldAddress(this.#options.url) : undefined
  }

  send(text: string, to?: NodeId): void {
    assertSignalLength(text)
    if (this.#inRoomSince === undefined || (this.#socket?.bufferedAmount ?? 0) > MAX_WAITING_BYTES) return
    this.#say(['signal', to ?? null, text])
  }

  relay(message: Uint8Array<ArrayBuffer>, to: NodeId): boolean {
    if (message.byteLength > MAX_RELAYED_BYTES)
      throw new RangeError(`${message.byteLength} bytes are too many to relay`)
    const socket = this.#socket
    if (!this.#relays || this.#inRoomSince === undefined || socket?.readyState !== OPEN) return false
    if (socket.bufferedAmount > MAX_RELAYED_WAITING_BYTES) return false
    const id = new TextEncoder().encode(to)
    const frame = new Uint8Array(1 + id.byteLength + message.byteLength)
    frame[0] = id.byteLength
    frame.set(id, 1)
    frame.set(message, 1 + id.byteLength)
    socket.send(frame)
    return true
  }

  present(): Promise<readonly NodeId[] | undefined> {
    if (this.#inRoomSince === undefined) return Promise.resolve(undefined)
    return new Promise(resolve => {
      this.#asking.push(resolve)
      if (this.#asking.length > 1) return
      this.#say(['who'])
      this.#setTimer(PONG_WITHIN_MS, () => this.#lost())
    })
  }

  leave(): void {
    if (this.#left) return
    this.#left = true
    globalThis.removeEventListener?.('online', this.#onOnline)
    this.#entering?.reject(new Error('left while entering the room'))
    this.#entering = undefined
    this.#hangUp(GOODBYE)
  }

  readonly #onOnline = (): void => {
    this.#failures = 0
    if (this.#inRoomSince === undefined) this.#connect()
    else this.#askWhetherItIsThere()
  }

  #connect(): void {
    this.#hangUp()
    if (this.#left) return
    const { url, webSocket = WebSocket } = this.#options
    const socket = new webSocket(url)
    this.#socket = socket
    socket.binaryType = 'arraybuffer'
    const current = (): boolean => this.#socket === socket
    socket.onopen = () => current() && this.#say(['join', this.#room, this.#self])
    socket.onmessage = ({ data }: { readonly data: unknown }) => current() && this.#onFrame(data)
    socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) =>
      current() && this.#lost(code, reason)
    // `close` follows, and says as much.
    socket.onerror = () => {}
    this.#setTimer(ENTER_WITHIN_MS, () => this.#lost())
  }

  #onFrame(data: unknown): void {
    if (data instanceof ArrayBuffer) return this.#onRelayed(data)
    const frame = listIn(data)
    if (frame === undefined) return
    const [type, value] = frame
    if (type === 'joined' && this.#inRoomSince === undefined) return this.#entered(value === 'relays')
    if (this.#inRoomSince === undefined) return
    // Whatever it is, it was said by a server that is there.
    this.#setTimer(PING_EVERY_MS, () => this.#askWhetherItIsThere())
    if (type === 'present') this.#answerWho(Array.isArray(value) ? value.filter(isId) : undefined)
    if (type === 'signal' && typeof value === 'string' && value.length <= MAX_SIGNAL_LENGTH) {
      this.#handler?.onSignal(value)
    }
  }

  #onRelayed(data: ArrayBuffer): void {
    if (this.#inRoomSince === undefined || data.byteLength > MAX_RELAYED_BYTES) return
    this.#setTimer(PING_EVERY_MS, () => this.#askWhetherItIsThere())
    this.#handler?.onRelayed?.(new Uint8Array(data))
  }

  #entered(relays: boolean): void {
    this.#relays = relays
    this.#inRoomSince = this.#clock.now()
    this.#lostIt = false
    this.#setTimer(PING_EVERY_MS, () => this.#askWhetherItIsThere())
    const entering = this.#entering
    this.#entering = undefined
    if (entering === undefined) this.#handler?.onReturn()
    else entering.resolve()
  }

  #askWhetherItIsThere(): void {
    this.#say(['ping'])
    this.#setTimer(PONG_WITHIN_MS, () => this.#lost())
  }

  #lost(code = 0, reason = ''): void {
    if (code >= REFUSALS.from && code <= REFUSALS.to && this.#entering !== undefined) {
      this.#entering.reject(new Error(`the signalling server refuses: ${reason}`))
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

  /** Without waiting for the other side: one that has stopped never says that it has closed. */
  #hangUp(code?: number): void {
    this.#cancelTimer()
    const socket = this.#socket
    this.#socket = undefined
    this.#inRoomSince = undefined
    this.#answerWho(undefined)
    socket?.close(code)
  }

  #answerWho(present: readonly NodeId[] | undefined): void {
    for (const answer of this.#asking.splice(0)) answer(present)
  }

  #say(frame: readonly unknown[]): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(JSON.stringify(frame))
  }

  #setTimer(afterMs: number, fire: () => void): void {
    this.#cancelTimer()
    this.#cancelTimer = this.#clock.setTimer(this.#clock.now() + afterMs, fire)
  }
}

/** `WebSocket.OPEN`, also where there is no such name. */
const OPEN = 1

/** Six bytes for each character at worst, and the frame around it. */
const MAX_FRAME_LENGTH = 6 * MAX_SIGNAL_LENGTH + 64

function listIn(data: unknown): readonly unknown[] | undefined {
  if (typeof data !== 'string' || data.length > MAX_FRAME_LENGTH) return undefined
  try {
    const value: unknown = JSON.parse(data)
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
