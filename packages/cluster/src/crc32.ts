/**
 * CRC-32 (of zlib, PNG and Ethernet), for storages: against what a disk flips, not against people. Node has one in `node:zlib`; browsers
 * have none.
 */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  return rest
})

/** @param before of the bytes that come before these, so that parts can be summed one after the other */
export function crc32(bytes: Uint8Array, before = 0): number {
  let sum = ~before
  for (let i = 0; i < bytes.length; i++) sum = (sum >>> 8) ^ (TABLE[(sum ^ (bytes[i] ?? 0)) & 0xff] ?? 0)
  return ~sum >>> 0
}
