/** One socket: enters a room in time or goes, says what it may say at the rate it may say it, and reads or goes. */
import type { RawData, WebSocket } from 'ws'
import { readRelayedFrame, readVisitorFrame } from './frame.ts'
import type { Limits } from './limits.ts'
import type { Guest, Rooms } from './rooms.ts'
import { TokenBucket } from './token-bucket.ts'

/** Close codes of our own; the reason beside them says the same in words. */
export const CLOSE = {
  /** Said something that nobody who keeps to the protocol says. */
  badFrame: 4400,
  /** Nothing was said in time. */
  tooLate: 4408,
  /** The room or the server is full. */
  full: 4409,
  /** Too much in too short a time. */
  tooFast: 4429,
  /** Does not read what it is sent. */
  tooSlow: 4430,
} as const

/** Close codes of whoever goes of its own accord: by its program, or because its page does. */
const GOODBYES: readonly number[] = [1000, 1001]

export interface VisitorHost {
  readonly limits: Limits
  readonly rooms: Rooms
  readonly nowMs: () => number
  sentAway(why: string): void
}

export class Visitor implements Guest {
  id = ''
  readonly #socket: WebSocket
  readonly #host: VisitorHost
  readonly #frames: TokenBucket
  readonly #bytes: TokenBucket
  readonly #relayedBytes: TokenBucket
  readonly #enterTimer: NodeJS.Timeout
  #room: string | undefined
  #answered = true
  #over = false
  #pause: NodeJS.Timeout | undefined

  constructor(socket: WebSocket, host: VisitorHost) {
    const { limits, nowMs } = host
    this.#socket = socket
    this.#host = host
    this.#frames = new TokenBucket(limits.frameBurst, limits.framesPerSecond, nowMs())
    this.#bytes = new TokenBucket(limits.byteBurst, limits.bytesPerSecond, nowMs())
    this.#relayedBytes = new TokenBucket(limits.relayedByteBurst, limits.relayedBytesPerSecond, nowMs())
    this.#enterTimer = setTimeout(() => this.#sendAway(CLOSE.tooLate, 'did not enter a room'), limits.enterWithinMs)
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#onRelayed(data)
      else this.#onMessage(data.toString())
    })
    socket.on('pong', () => {
      this.#answered = true
    })
    // Too long a frame, too many pieces, bytes that are no text: `ws` closes, and says so here.
    socket.on('error', error => this.#host.sentAway(error.message))
    socket.on('close', code => this.#gone(GOODBYES.includes(code)))
  }

  hear(frame: string): void {
    if (this.#over) return
    if (this.#socket.bufferedAmount > this.#host.limits.maxWaitingBytes) {
      // A closing handshake would wait in the same line.
      this.#host.sentAway('does not read')
      this.#gone()
      return this.#socket.terminate()
    }
    this.#socket.send(frame)
  }

  hearRelayed(message: Buffer): void {
    if (this.#over || this.#socket.bufferedAmount > this.#host.limits.maxRelayedWaitingBytes) return
    this.#socket.send(message)
  }

  /** Is it still there? Who has not answered the last time is not. */
  ping(): void {
    if (!this.#answered) {
      this.#host.sentAway('does not answer')
      return this.#socket.terminate()
    }
    this.#answered = false
    this.#socket.ping()
  }

  /** Too much is no reason to send somebody away: it is read as fast as it may be carried, and has to wait. */
  #onRelayed(data: RawData): void {
    if (this.#over) return
    const { limits, rooms, nowMs } = this.#host
    const frame = data instanceof Buffer ? readRelayedFrame(data) : undefined
    if (frame === undefined || this.#room === undefined || limits.relayedBytesPerSecondPerRoom === 0) {
      return this.#sendAway(CLOSE.badFrame, 'not the protocol')
    }
    const now = nowMs()
    const forRoomMs = rooms.relay(this.#room, this, frame.to, frame.message, now)
    const waitMs = Math.max(forRoomMs, this.#relayedBytes.spend(frame.message.byteLength, now))
    if (waitMs === 0) return
    this.#socket.pause()
    clearTimeout(this.#pause)
    this.#pause = setTimeout(() => this.#socket.resume(), waitMs)
  }

  #onMessage(data: string): void {
    if (this.#over) return
    const now = this.#host.nowMs()
    if (!this.#frames.take(1, now) || !this.#bytes.take(data.length, now)) {
      return this.#sendAway(CLOSE.tooFast, 'too much at once')
    }
    const frame = readVisitorFrame(data)
    const { rooms } = this.#host
    if (frame === undefined || (frame.type === 'join') === (this.#room !== undefined)) {
      return this.#sendAway(CLOSE.badFrame, 'not the protocol')
    }
    switch (frame.type) {
      case 'join':
        return this.#enter(frame.room, frame.id)
      case 'signal':
        if (this.#room !== undefined) rooms.say(this.#room, this, frame.to, JSON.stringify(['signal', frame.text]))
        return
      case 'ping':
        return this.hear('["pong"]')
      case 'who':
        if (this.#room !== undefined) this.hear(JSON.stringify(['present', rooms.othersIn(this.#room, this, now)]))
        return
      default:
        return frame satisfies never
    }
  }

  #enter(room: string, id: string): void {
    clearTimeout(this.#enterTimer)
    this.id = id
    const { rooms, limits, nowMs } = this.#host
    const refusal = rooms.enter(room, this, nowMs())
    if (refusal !== undefined) return this.#sendAway(CLOSE.full, refusal)
    this.#room = room
    this.hear(JSON.stringify(limits.relayedBytesPerSecondPerRoom > 0 ? ['joined', 'relays'] : ['joined']))
  }

  #sendAway(code: number, why: string): void {
    this.#host.sentAway(why)
    this.#gone()
    this.#socket.close(code, why)
  }

  #gone(saidGoodbye = false): void {
    this.#over = true
    clearTimeout(this.#enterTimer)
    clearTimeout(this.#pause)
    // One that is paused would not even hear that the other has closed.
    this.#socket.resume()
    const { rooms, nowMs } = this.#host
    if (this.#room !== undefined) rooms.leave(this.#room, this, saidGoodbye ? undefined : nowMs())
    this.#room = undefined
  }
}
