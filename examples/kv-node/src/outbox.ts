/** What waits to leave by one connection: the most urgent first, and no more than memory can bear. */
import type { Socket } from 'node:net'
import type { Lane } from '@flotilla/cluster'
import { measured } from './messages.ts'

/** Beyond this the system has enough to do, and what comes later may still be overtaken here. */
const UNDER_WAY_BYTES = 256 * 1024
/** What would exceed this is dropped, as frames may be. */
const WAITING_BYTES = 64 * 1024 * 1024

export class Outbox {
  private readonly socket: Socket
  private readonly lanes: Readonly<Record<Lane, Uint8Array[]>> = { urgent: [], normal: [], bulk: [] }
  private waiting = 0
  /** To the system, in this turn. */
  private given = 0

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('drain', () => this.flush())
  }

  put(frame: Uint8Array, lane: Lane): void {
    if (this.waiting + frame.byteLength > WAITING_BYTES) return
    this.lanes[lane].push(measured(frame))
    this.waiting += frame.byteLength
    this.flush()
  }

  /** So much in one turn: the system takes megabytes at once, and nothing overtakes what it has. */
  private flush(): void {
    const { urgent, normal, bulk } = this.lanes
    while (this.given < UNDER_WAY_BYTES && this.socket.writableLength < UNDER_WAY_BYTES) {
      const next = urgent.shift() ?? normal.shift() ?? bulk.shift()
      if (next === undefined) return
      this.waiting -= next.byteLength
      if (this.given === 0) setImmediate(() => this.nextTurn())
      this.given += next.byteLength
      this.socket.write(next, () => this.flush())
    }
  }

  private nextTurn(): void {
    this.given = 0
    this.flush()
  }
}
