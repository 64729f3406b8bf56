/**
 * Small frames are cut from one larger buffer: an array of its own lies outside V8's heap and costs more than all the rest
 * of encoding. Only for what is sent and soon forgotten: whoever keeps one keeps its whole slab, and whoever transfers or
 * clones its buffer takes its neighbours along.
 */

const SLAB_BYTES = 16 * 1024
/** Longer ones are copied into arrays of their own: there the copying dominates anyway. */
const MAX_SHARE_BYTES = 1024

let slab = new Uint8Array(SLAB_BYTES)
let used = 0

/** A copy of the first `length` bytes. */
export function copyOut(bytes: Uint8Array, length: number): Uint8Array {
  if (length > MAX_SHARE_BYTES) return bytes.slice(0, length)
  if (used + length > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES)
    used = 0
  }
  const copy = new Uint8Array(slab.buffer, used, length)
  copy.set(new Uint8Array(bytes.buffer, 0, length))
  used += length
  return copy
}
