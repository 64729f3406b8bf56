/**
 * The one thing that travels on a data channel: a fragment of a frame, never longer than 16 KiB, so that an urgent frame
 * waits for one fragment of a snapshot and not for all of it.
 *
 *     first fragment   | 0001 01LL | total length, 24 bits, big-endian | payload |
 *     any later one    | 0001 00LL |                                     payload |
 *
 * `0001` is the version and `LL` the lane. Every fragment but a frame's last is exactly full, so there is one way to cut
 * a frame, and nobody can make a receiver work through a million tiny pieces.
 */
import { type Lane, MAX_FRAME_BYTES } from '@flotilla/cluster'

export const MAX_FRAGMENT_BYTES = 16 * 1024
export const FIRST_HEADER_BYTES = 4
export const LATER_HEADER_BYTES = 1

const VERSION = 0x10
const FIRST = 0x04
const LANE_MASK = 0x03

/** In order of precedence; the index is the lane's number on the wire. */
export const LANES = ['urgent', 'normal', 'bulk'] as const satisfies readonly Lane[]

export interface Fragment {
  readonly lane: Lane
  /** The whole frame's length, in its first fragment; `undefined` in later ones. */
  readonly totalBytes: number | undefined
  /** A view of the fragment's bytes. */
  readonly payload: Uint8Array
}

/** Writes the fragment of `frame` that starts at `offset` into `into` (MAX_FRAGMENT_BYTES long), and says how far it goes. */
export function writeFragment(
  into: Uint8Array,
  lane: Lane,
  frame: Uint8Array,
  offset: number,
): { readonly fragmentBytes: number; readonly nextOffset: number } {
  const first = offset === 0
  const headerBytes = first ? FIRST_HEADER_BYTES : LATER_HEADER_BYTES
  const nextOffset = Math.min(frame.byteLength, offset + MAX_FRAGMENT_BYTES - headerBytes)
  into[0] = VERSION | (first ? FIRST : 0) | LANES.indexOf(lane)
  if (first) {
    into[1] = frame.byteLength >>> 16
    into[2] = frame.byteLength >>> 8
    into[3] = frame.byteLength
  }
  into.set(frame.subarray(offset, nextOffset), headerBytes)
  return { fragmentBytes: headerBytes + nextOffset - offset, nextOffset }
}

/** What these bytes are a fragment of; `undefined` if they are none. Never throws. */
export function readFragment(bytes: Uint8Array): Fragment | undefined {
  const [header, high, middle, low] = bytes
  if (header === undefined || bytes.byteLength > MAX_FRAGMENT_BYTES) return undefined
  if ((header & ~(FIRST | LANE_MASK)) !== VERSION) return undefined
  const lane = LANES[header & LANE_MASK]
  if (lane === undefined) return undefined
  if ((header & FIRST) === 0) return { lane, totalBytes: undefined, payload: viewFrom(bytes, LATER_HEADER_BYTES) }

  if (high === undefined || middle === undefined || low === undefined) return undefined
  const totalBytes = (high << 16) | (middle << 8) | low
  if (totalBytes > MAX_FRAME_BYTES) return undefined
  return { lane, totalBytes, payload: viewFrom(bytes, FIRST_HEADER_BYTES) }
}

/** A plain Uint8Array, whatever subclass of it the bytes came in. */
function viewFrom(bytes: Uint8Array, start: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start)
}
