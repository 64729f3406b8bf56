/**
 * Small integer hashes, for comparing long things by short numbers: logs by prefix, states, whole runs.
 *
 * Only 32-bit integer arithmetic, so that Node and every browser compute the same.
 */

/** Folds one 32-bit integer into a hash. */
export function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  return h ^ (h >>> 13)
}

export function mixText(hash: number, text: string): number {
  let h = mix(hash, text.length)
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return mix(h, 0)
}

export function mixBytes(hash: number, bytes: Uint8Array): number {
  let h = mix(hash, bytes.length)
  for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ (bytes[i] ?? 0), 0x01000193)
  return mix(h, 0)
}

const float = new Float64Array(1)
const halves = new Uint32Array(float.buffer)

/** Folds every bit of a number that may have a fraction, such as a time. */
export function mixFloat(hash: number, value: number): number {
  float[0] = value
  return mix(mix(hash, halves[0] ?? 0), halves[1] ?? 0)
}
