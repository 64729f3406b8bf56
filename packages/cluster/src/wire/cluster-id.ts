/** Ids of clusters, and other bytes that are known by their hexadecimal digits, as they travel. */
import type { Reader } from './reader.ts'

export const CLUSTER_ID_BYTES = 16

// A node is in one cluster for ever, so both ways the last id seen is nearly always the one needed.
let lastId = '0'.repeat(2 * CLUSTER_ID_BYTES)
let lastIdBytes = new Uint8Array(CLUSTER_ID_BYTES)

export function clusterIdBytes(id: string): Uint8Array {
  if (id === lastId) return lastIdBytes
  lastIdBytes = bytesOfHex(id, CLUSTER_ID_BYTES, 'a cluster id')
  lastId = id
  return lastIdBytes
}

export function readClusterId(reader: Reader): string {
  if (reader.skip(lastIdBytes)) return lastId
  lastIdBytes = reader.raw(CLUSTER_ID_BYTES, 'the cluster id').slice()
  lastId = hexOf(lastIdBytes)
  return lastId
}

export function bytesOfHex(text: string, count: number, what: string): Uint8Array<ArrayBuffer> {
  if (text.length !== 2 * count || !/^[0-9a-f]*$/.test(text))
    throw new RangeError(`${what} must be ${2 * count} lower-case hexadecimal digits`)
  const bytes = new Uint8Array(count)
  for (let i = 0; i < count; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

const digitsOf: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Each heartbeat may carry a digest. */
export function hexOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += digitsOf[byte]
  return text
}
