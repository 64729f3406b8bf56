/** Bytes that conformance cases send and store: the same for the same seed, and different at every place. */
export function patterned(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8) * 17 + seed * 7) & 0xff
  return bytes
}
