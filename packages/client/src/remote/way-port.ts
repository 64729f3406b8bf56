/**
 * One end of a port whose messages go as frames over a link between a client and a node. A part that is missing, out of turn, or more
 * than a message may have ends it: whoever holds the client begins another.
 */
import { MAX_MESSAGE_BYTES, type Port } from '../port.ts'
import { joined } from './joined.ts'
import { MAX_PART_BYTES, PART_OVERHEAD_BYTES, type WayFrame } from './way-frame.ts'

/** Under way and not yet taken. Less than what a transport's lane holds, so that nothing is dropped for want of room. */
const WINDOW_BYTES = 1 << 20
/** How much is taken before that is said. */
const SAY_TAKEN_BYTES = 256 * 1024

export interface WayPortOptions {
  readonly port: number
  readonly send: (frame: WayFrame) => void
  /** What may wait here for an end that takes nothing; beyond it the port ends. */
  readonly maxWaitingBytes: number
  /** The other end ended it, or it broke. Once, and not for `close`. */
  readonly onEnd: () => void
}

type OfPort = Extract<WayFrame, { kind: 'part' | 'taken' | 'end' }>

export class WayPort implements Port {
  private readonly options: WayPortOptions
  private onMessage: ((message: Uint8Array) => void) | undefined = undefined
  private isOver = false
  private readonly waiting: { readonly data: Uint8Array; readonly isLast: boolean }[] = []
  private waitingBytes = 0
  private sentParts = 0
  private sentBytes = 0
  private takenThere = 0
  private heardParts = 0
  private heardBytes = 0
  private saidTaken = 0
  /** Of the message that is on its way. */
  private parts: Uint8Array[] = []
  private partsBytes = 0
  /** Messages that came before the port was opened: no more than the window. */
  private early: Uint8Array[] = []

  constructor(options: WayPortOptions) {
    this.options = options
  }

  open(onMessage: (message: Uint8Array) => void): void {
    this.onMessage = onMessage
    for (const message of this.early.splice(0)) if (!this.isOver) onMessage(message)
    this.sayTaken(SAY_TAKEN_BYTES)
  }

  send(message: Uint8Array): void {
    if (message.byteLength > MAX_MESSAGE_BYTES) {
      throw new RangeError(`a message of ${message.byteLength} bytes is longer than ${MAX_MESSAGE_BYTES}`)
    }
    if (this.isOver) return
    for (let at = 0; at === 0 || at < message.byteLength; at += MAX_PART_BYTES) {
      const data = message.slice(at, at + MAX_PART_BYTES)
      this.waiting.push({ data, isLast: at + MAX_PART_BYTES >= message.byteLength })
      this.waitingBytes += data.byteLength + PART_OVERHEAD_BYTES
    }
    this.pump()
    if (this.waitingBytes > this.options.maxWaitingBytes) this.break()
  }

  close(): void {
    if (this.isOver) return
    const { port, send } = this.options
    this.over()
    send({ kind: 'end', port })
  }

  receive(frame: OfPort): void {
    if (this.isOver) return
    switch (frame.kind) {
      case 'part':
        return this.take(frame)
      case 'taken':
        if (frame.bytes < this.takenThere || frame.bytes > this.sentBytes) return this.break()
        this.takenThere = frame.bytes
        return this.pump()
      case 'end':
        return this.lost()
      default:
        frame satisfies never
    }
  }

  /** The link is down, or the other end has begun anew. */
  lost(): void {
    if (this.isOver) return
    this.over()
    this.options.onEnd()
  }

  private take({ number, isLast, data }: Extract<OfPort, { kind: 'part' }>): void {
    this.partsBytes += data.byteLength
    if (number !== this.heardParts + 1 || this.partsBytes > MAX_MESSAGE_BYTES) return this.break()
    this.heardParts = number
    this.heardBytes += data.byteLength + PART_OVERHEAD_BYTES
    if (this.heardBytes - this.saidTaken > WINDOW_BYTES + MAX_PART_BYTES + PART_OVERHEAD_BYTES) return this.break()
    this.parts.push(data)
    if (isLast) {
      const message = joined(this.parts, this.partsBytes)
      this.parts = []
      this.partsBytes = 0
      if (this.onMessage === undefined) this.early.push(message)
      else this.onMessage(message)
    }
    if (this.onMessage !== undefined || this.parts.length > 0) this.sayTaken(SAY_TAKEN_BYTES)
  }

  private sayTaken(least: number): void {
    if (this.isOver || this.heardBytes - this.saidTaken < least) return
    this.saidTaken = this.heardBytes
    this.options.send({ kind: 'taken', port: this.options.port, bytes: this.heardBytes })
  }

  private pump(): void {
    while (this.sentBytes - this.takenThere < WINDOW_BYTES) {
      const part = this.waiting.shift()
      if (part === undefined) return
      const bytes = part.data.byteLength + PART_OVERHEAD_BYTES
      this.waitingBytes -= bytes
      this.sentBytes += bytes
      this.options.send({ kind: 'part', port: this.options.port, number: ++this.sentParts, ...part })
    }
  }

  private break(): void {
    this.close()
    this.options.onEnd()
  }

  private over(): void {
    this.isOver = true
    this.waiting.length = 0
    this.parts = []
    this.early = []
  }
}
