/**
 * Every record carries a checksum over its key and its bytes: what a disk flipped, or put in another record's place, is noticed
 * when it is read. It is CRC-32: against accidents, not against people.
 */
import { crc32 } from 'node:zlib'
import { corrupt } from './errors.ts'

export type Key = string | number

const CHECKSUM_BYTES = 4

export function sealed(key: Key, record: Uint8Array): Buffer {
  const value = Buffer.allocUnsafe(CHECKSUM_BYTES + record.byteLength)
  value.set(record, CHECKSUM_BYTES)
  value.writeUInt32LE(checksum(key, record))
  return value
}

/** The record, in memory of its own. @throws StorageError `Corrupt` where it is not what was written. */
export function unsealed(key: Key, value: Uint8Array): Uint8Array {
  const record = Uint8Array.from(value.subarray(CHECKSUM_BYTES))
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
  if (value.byteLength < CHECKSUM_BYTES || view.getUint32(0, true) !== checksum(key, record)) {
    throw corrupt(`${nameOf(key)} is not what was written: its checksum differs`)
  }
  return record
}

export const nameOf = (key: Key): string => (typeof key === 'number' ? `entry ${key}` : `the record “${key}”`)

const checksum = (key: Key, record: Uint8Array): number => crc32(record, crc32(`${typeof key}:${key}`))
