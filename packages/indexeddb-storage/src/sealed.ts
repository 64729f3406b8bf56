/**
 * Every record carries a checksum over its key and all its fields: what a disk flipped, or put in another record's place, is noticed when
 * it is read. Two are without: the ownerEpoch, of which any other value fences whoever has it wrong, and the keys, which a browser shows to nobody.
 */
import { crc32 } from '@flotilla/cluster'
import { corrupt } from './errors.ts'
import { KEYS, OWNER_EPOCH } from './records.ts'

const encoder = new TextEncoder()

export function isSealed(key: IDBValidKey): boolean {
  return key !== OWNER_EPOCH && key !== KEYS
}

/** For `setMany`. */
export function sealed([key, record]: readonly [IDBValidKey, unknown]): [IDBValidKey, unknown] {
  if (!isSealed(key) || typeof record !== 'object') return [key, record]
  return [key, { ...record, sum: sumOf(key, record) }]
}

/** The record without its checksum; `undefined` where there is none. @throws StorageError `Corrupt` where it is not what was written */
export function unsealed(key: IDBValidKey, found: unknown): unknown {
  if (found === undefined) return undefined
  const { sum, ...record }: { readonly sum?: unknown } = Object(found)
  if (sum === sumOf(key, record)) return record
  throw corrupt(
    `${typeof key === 'number' ? `entry ${key}` : `the record “${key}”`} is not what was written: its checksum differs`,
  )
}

/** An entry's key is its index, also in what was read as a list. */
export function unsealedEntry(found: unknown): unknown {
  const { index }: { readonly index?: unknown } = Object(found)
  return unsealed(typeof index === 'number' ? index : Number.NaN, found)
}

/** A clone keeps the order of the fields. */
function sumOf(key: IDBValidKey, record: object | null): number {
  const text = JSON.stringify([key, record], (_, value: unknown) =>
    value instanceof Uint8Array ? { length: value.byteLength, sum: crc32(value) } : value,
  )
  return crc32(encoder.encode(text))
}
