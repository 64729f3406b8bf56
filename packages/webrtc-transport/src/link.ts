/**
 * A link to one peer: frames in lanes on one side, fragments within a channel's buffer on the other. It may move from one
 * channel to another, between two fragments.
 */
import type { Lane } from '@flotilla/cluster'
import { Allowance } from './allowance.ts'
import { type Connection, HIGH_WATER_BYTES } from './connection.ts'
import { MAX_FRAGMENT_BYTES } from './fragment.ts'
import { Reassembly } from './reassembly.ts'
import { SendQueue } from './send-queue.ts'

/** A peer that sends more malformed messages at once is not one of ours; after so many milliseconds one is forgotten. */
const MAX_BAD_FRAGMENTS = 16
const FORGIVE_AFTER_MS = 60_000

export interface LinkStats {
  /** On the transport's clock. */
  readonly upSince: number
  readonly framesIn: number
  readonly framesOut: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Frames not taken because their lane was full. */
  readonly dropped: number
  /** Messages that were no fragment, or not the one that was due. */
  readonly badFragments: number
  /** What waits for room, by our account: bytes of frames and an allowance for each. */
  readonly queuedBytes: number
}

interface LinkHandler {
  onFrame(frame: Uint8Array): void
  /** Too many were bad. */
  onAbuse(): void
  /** The channel refused bytes. */
  onBroken(): void
}

/** Fragments are written here and copied by the browser at once, so one buffer serves every link. */
const scratch = new Uint8Array(MAX_FRAGMENT_BYTES)

export type Channel = Pick<Connection, 'send' | 'bufferedBytes'>

export class Link {
  /** `undefined` while it moves. */
  #channel: Channel | undefined
  readonly #handler: LinkHandler
  readonly #queue = new SendQueue()
  readonly #reassembly = new Reassembly()
  readonly #now: () => number
  readonly #upSince: number
  readonly #mayBeBad = new Allowance(MAX_BAD_FRAGMENTS, FORGIVE_AFTER_MS)
  #framesIn = 0
  #framesOut = 0
  #bytesIn = 0
  #bytesOut = 0
  #dropped = 0
  #badFragments = 0

  constructor(channel: Channel, now: () => number, handler: LinkHandler) {
    this.#channel = channel
    this.#now = now
    this.#upSince = now()
    this.#handler = handler
  }

  send(frame: Uint8Array, lane: Lane): void {
    if (!this.#queue.push(frame, lane)) {
      this.#dropped += 1
      return
    }
    this.#framesOut += 1
    this.#bytesOut += frame.byteLength
    this.pump()
  }

  /** From here on everything waits. */
  hold(): void {
    this.#channel = undefined
  }

  /** What waits goes on where it stopped, by this channel. */
  goOn(channel: Channel): void {
    this.#channel = channel
    this.pump()
  }

  /** Fills the browser's buffer as far as we let it. Called when there is more to send, or more room: never by a timer. */
  pump(): void {
    this.#sendWhile(channel => channel.bufferedBytes < HIGH_WATER_BYTES)
  }

  /** Before closing: what is urgent still goes into the browser's buffer, the rest is forgotten. */
  flushUrgent(): void {
    this.#queue.keepOnly('urgent')
    this.#sendWhile(() => true)
  }

  receive(message: Uint8Array | undefined): void {
    const accepted = message && this.#reassembly.accept(message)
    switch (accepted?.kind) {
      case 'partial':
        return
      case 'frame':
        this.#framesIn += 1
        this.#bytesIn += accepted.frame.byteLength
        this.#handler.onFrame(accepted.frame)
        return
      case 'bad':
      case undefined:
        return this.bad()
      default:
        accepted satisfies never
    }
  }

  stats(): LinkStats {
    return {
      upSince: this.#upSince,
      framesIn: this.#framesIn,
      framesOut: this.#framesOut,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      dropped: this.#dropped,
      badFragments: this.#badFragments,
      queuedBytes: this.#queue.queuedBytes,
    }
  }

  /** The peer said something that it should not. */
  bad(): void {
    this.#badFragments += 1
    if (!this.#mayBeBad.take(this.#now())) this.#handler.onAbuse()
  }

  #sendWhile(hasRoom: (channel: Channel) => boolean): void {
    const channel = this.#channel
    if (channel === undefined) return
    try {
      // How much a channel holds is dear to ask: not where nothing waits.
      while (this.#queue.queuedBytes > 0 && hasRoom(channel)) {
        const fragmentBytes = this.#queue.next(scratch)
        channel.send(scratch.subarray(0, fragmentBytes))
      }
    } catch {
      this.#handler.onBroken()
    }
  }
}
