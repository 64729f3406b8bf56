/**
 * What waits for room on one data channel: a queue per lane, each bounded in bytes. A browser's own buffer is one long
 * line in which a heartbeat would stand behind a snapshot, and it throws when it is full.
 */
import { type Lane, MAX_FRAME_BYTES } from '@flotilla/cluster'
import { LANES, writeFragment } from './fragment.ts'

/** Bytes that may wait in each lane. A peer that takes nothing costs no more memory than their sum. */
const LANE_BOUND_BYTES: Readonly<Record<Lane, number>> = {
  urgent: 2 * MAX_FRAME_BYTES,
  normal: 8 * MAX_FRAME_BYTES,
  bulk: 8 * MAX_FRAME_BYTES,
}

/** Counted for each waiting frame besides its bytes, so that empty frames are not free. */
const FRAME_OVERHEAD_BYTES = 64

export class SendQueue {
  readonly #lanes: Readonly<Record<Lane, LaneQueue>>

  constructor(bounds: Readonly<Record<Lane, number>> = LANE_BOUND_BYTES) {
    this.#lanes = {
      urgent: new LaneQueue(bounds.urgent),
      normal: new LaneQueue(bounds.normal),
      bulk: new LaneQueue(bounds.bulk),
    }
  }

  /** Keeps a copy of the frame. `false`: its lane is full, and the frame is dropped. */
  push(frame: Uint8Array, lane: Lane): boolean {
    return this.#lanes[lane].push(frame)
  }

  /** Writes the next fragment into `into` and gives its length; 0 when nothing waits. Urgent before normal before bulk. */
  next(into: Uint8Array): number {
    for (const lane of LANES) {
      const fragmentBytes = this.#lanes[lane].next(into, lane)
      if (fragmentBytes > 0) return fragmentBytes
    }
    return 0
  }

  /** Forgets every frame that is not in `lane`: what can still be said before a link closes. */
  keepOnly(lane: Lane): void {
    for (const other of LANES) if (other !== lane) this.#lanes[other].clear()
  }

  /** What counts against the bounds, over all lanes. */
  get queuedBytes(): number {
    return LANES.reduce((sum, lane) => sum + this.#lanes[lane].queuedBytes, 0)
  }
}

class LaneQueue {
  readonly #boundBytes: number
  #frames: Uint8Array[] = []
  /** The frames before this one are gone; moving them all down for each would cost the square of their number. */
  #head = 0
  /** How much of the head frame has been sent. */
  #offset = 0
  queuedBytes = 0

  constructor(boundBytes: number) {
    this.#boundBytes = boundBytes
  }

  push(frame: Uint8Array): boolean {
    const bytes = frame.byteLength + FRAME_OVERHEAD_BYTES
    if (this.queuedBytes + bytes > this.#boundBytes) return false
    this.#frames.push(frame.slice())
    this.queuedBytes += bytes
    return true
  }

  next(into: Uint8Array, lane: Lane): number {
    const frame = this.#frames[this.#head]
    if (frame === undefined) return 0
    const { fragmentBytes, nextOffset } = writeFragment(into, lane, frame, this.#offset)
    if (nextOffset < frame.byteLength) this.#offset = nextOffset
    else this.#shift(frame)
    return fragmentBytes
  }

  clear(): void {
    this.#frames = []
    this.#head = 0
    this.#offset = 0
    this.queuedBytes = 0
  }

  #shift(frame: Uint8Array): void {
    this.queuedBytes -= frame.byteLength + FRAME_OVERHEAD_BYTES
    this.#offset = 0
    this.#head += 1
    if (this.#head * 2 < this.#frames.length) return
    this.#frames.splice(0, this.#head)
    this.#head = 0
  }
}
