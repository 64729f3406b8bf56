/**
 * Puts frames together again from one peer's fragments. At most one frame per lane is partial at a time, so that a peer
 * can make us hold three times MAX_FRAME_BYTES and no more.
 */
import type { Lane } from '@flotilla/cluster'
import {
  FIRST_HEADER_BYTES,
  type Fragment,
  LANES,
  LATER_HEADER_BYTES,
  MAX_FRAGMENT_BYTES,
  readFragment,
} from './fragment.ts'

type Accepted =
  | { readonly kind: 'frame'; readonly lane: Lane; readonly frame: Uint8Array }
  | { readonly kind: 'partial' }
  /** Nothing an honest sender sends. Whatever the lane had is gone with it. */
  | { readonly kind: 'bad'; readonly reason: 'notAFragment' | 'nothingToContinue' | 'unfinished' | 'wrongLength' }

interface Partial {
  readonly frame: Uint8Array
  received: number
}

const partial: Accepted = { kind: 'partial' }

export class Reassembly {
  readonly #partials = new Map<Lane, Partial>()

  /** Takes the next message of the channel. Never throws. */
  accept(message: Uint8Array): Accepted {
    const fragment = readFragment(message)
    if (fragment === undefined) return { kind: 'bad', reason: 'notAFragment' }
    return fragment.totalBytes === undefined ? this.#continue(fragment) : this.#begin(fragment, fragment.totalBytes)
  }

  /** Bytes set aside for frames that are not complete. */
  get heldBytes(): number {
    return LANES.reduce((sum, lane) => sum + (this.#partials.get(lane)?.frame.byteLength ?? 0), 0)
  }

  #begin({ lane, payload }: Fragment, totalBytes: number): Accepted {
    if (this.#partials.delete(lane)) return { kind: 'bad', reason: 'unfinished' }
    const expected = Math.min(totalBytes, MAX_FRAGMENT_BYTES - FIRST_HEADER_BYTES)
    if (payload.byteLength !== expected) return { kind: 'bad', reason: 'wrongLength' }
    if (payload.byteLength === totalBytes) return { kind: 'frame', lane, frame: payload }

    const frame = new Uint8Array(totalBytes)
    frame.set(payload)
    this.#partials.set(lane, { frame, received: payload.byteLength })
    return partial
  }

  #continue({ lane, payload }: Fragment): Accepted {
    const open = this.#partials.get(lane)
    if (open === undefined) return { kind: 'bad', reason: 'nothingToContinue' }
    const expected = Math.min(open.frame.byteLength - open.received, MAX_FRAGMENT_BYTES - LATER_HEADER_BYTES)
    if (payload.byteLength !== expected) {
      this.#partials.delete(lane)
      return { kind: 'bad', reason: 'wrongLength' }
    }

    open.frame.set(payload, open.received)
    open.received += payload.byteLength
    if (open.received < open.frame.byteLength) return partial
    this.#partials.delete(lane)
    return { kind: 'frame', lane, frame: open.frame }
  }
}
