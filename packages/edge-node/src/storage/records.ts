/**
 * What is in a node's database: which key holds what, and what counts as one of our records when it is read back.
 *
 * The log is the range of numeric keys, an entry's key being its index. `state` is written with every unit and says how much of
 * everything there is: a log whose end is missing is known to be cut, however whole the rest looks.
 */
import { decodeConfiguration, decodeEntry, encodeConfiguration, encodeEntry, StorageError } from '@flotilla/cluster'
import type { Entry, Snapshot } from '@flotilla/core'
import { corrupt } from './errors.ts'

export const IDENTITY = 'identity'
export const STATE = 'state'
export const SNAPSHOT = 'snapshot'

/** Of these records. One that is higher was written by software that came later. */
const LAYOUT_VERSION = 1

/** Written once, and again when the node is let into its cluster. */
export interface IdentityRecord {
  readonly nodeId: string
  readonly clusterId: string | undefined
  /** As which of the room's nodes in this data directory it was made. */
  readonly created: number
  readonly keys: StoredKeys | undefined
}

/** As JSON Web Keys. */
export interface StoredKeys {
  readonly publicKey: object
  readonly privateKey: object
}

export interface StateRecord {
  /** How often anything was written. Every unit says how many went before it, and is refused if there are others. */
  readonly units: number
  /** How often the database was opened. */
  readonly ownerEpoch: number
  readonly currentTerm: number
  readonly votedFor: string | undefined
  readonly commitIndex: number | undefined
  /** Of the snapshot, 0 without one: the log begins after it. */
  readonly snapshotIndex: number
  /** Of the log, or of the snapshot where nothing follows it. */
  readonly lastIndex: number
}

/**
 * What tells one state from every other that this database has been in. The count alone would not do: an owner that was overtaken
 * counts on, and its second unit would have the number after the next owner's first.
 */
export const versionOf = ({ ownerEpoch, units }: StateRecord): number => ownerEpoch * COUNTED + (units % COUNTED)

const COUNTED = 2 ** 30

export function encodeIdentity({ nodeId, clusterId, created, keys }: IdentityRecord): Uint8Array {
  return json({ version: LAYOUT_VERSION, nodeId, clusterId, created, keys })
}

/** @throws StorageError */
export function decodeIdentity(record: Uint8Array): IdentityRecord {
  const { version, nodeId, clusterId, created, keys } = object(record, 'the identity')
  if (typeof version === 'number' && version > LAYOUT_VERSION) {
    throw new StorageError('NewerVersion', `the records are of version ${version}, later than ${LAYOUT_VERSION}`)
  }
  if (version !== LAYOUT_VERSION) throw corrupt('the records are of no version')
  if (clusterId !== undefined && !isClusterId(clusterId)) throw corrupt('the cluster id is not 32 hexadecimal digits')
  return {
    nodeId: text(nodeId, 'the node’s id'),
    clusterId,
    created: whole(created, 'the order of creation'),
    keys: keys === undefined ? undefined : storedKeys(keys),
  }
}

function storedKeys(found: unknown): StoredKeys {
  if (!isRecord(found) || !isRecord(found.publicKey) || !isRecord(found.privateKey)) throw corrupt('the keys are none')
  return { publicKey: found.publicKey, privateKey: found.privateKey }
}

export function isClusterId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)
}

export const encodeState = (state: StateRecord): Uint8Array => json(state)

/** @throws StorageError */
export function decodeState(record: Uint8Array): StateRecord {
  const { votedFor, commitIndex, ...state } = object(record, 'the state')
  return {
    units: whole(state.units, 'the number of units'),
    ownerEpoch: whole(state.ownerEpoch, 'the ownerEpoch'),
    currentTerm: whole(state.currentTerm, 'currentTerm'),
    votedFor: votedFor === undefined ? undefined : text(votedFor, 'votedFor'),
    commitIndex: commitIndex === undefined ? undefined : whole(commitIndex, 'the commit index'),
    snapshotIndex: whole(state.snapshotIndex, 'the snapshot’s index'),
    lastIndex: whole(state.lastIndex, 'the last index'),
  }
}

/** Index and term as float64, which hold every integer up to 2⁵³, the length of the configuration, that, and the machine's bytes. */
export function encodeSnapshot({ index, term, configuration, data }: Snapshot): Uint8Array {
  const members = encodeConfiguration(configuration)
  const record = new Uint8Array(SNAPSHOT_HEAD_BYTES + members.byteLength + data.byteLength)
  const view = new DataView(record.buffer)
  view.setFloat64(0, index)
  view.setFloat64(8, term)
  view.setUint32(16, members.byteLength)
  record.set(members, SNAPSHOT_HEAD_BYTES)
  record.set(data, SNAPSHOT_HEAD_BYTES + members.byteLength)
  return record
}

const SNAPSHOT_HEAD_BYTES = 20

/** @throws StorageError */
export function decodeSnapshot(record: Uint8Array): Snapshot {
  if (record.byteLength < SNAPSHOT_HEAD_BYTES) throw corrupt('the snapshot is cut short')
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength)
  const end = SNAPSHOT_HEAD_BYTES + view.getUint32(16)
  if (end > record.byteLength) throw corrupt('the snapshot is cut short')
  const configuration = decodeConfiguration(record.subarray(SNAPSHOT_HEAD_BYTES, end))
  if (!configuration.ok) throw corrupt(`the snapshot’s configuration: ${configuration.error.message}`)
  return {
    index: whole(view.getFloat64(0), 'the snapshot’s index'),
    term: whole(view.getFloat64(8), 'the snapshot’s term'),
    configuration: configuration.value,
    data: record.slice(end),
  }
}

export { encodeEntry }

/** @throws StorageError */
export function decodeEntryAt(index: number, record: Uint8Array): Entry {
  const entry = decodeEntry(record)
  if (!entry.ok) throw corrupt(`entry ${index}: ${entry.error.message}`)
  if (entry.value.index !== index) throw corrupt(`entry ${index} calls itself ${entry.value.index}`)
  return entry.value
}

function json(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

function object(record: Uint8Array, what: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(record))
    if (isRecord(value)) return value
  } catch {
    // Said below.
  }
  throw corrupt(`${what} is no record`)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function whole(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw corrupt(`${what} is no whole number`)
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value
  throw corrupt(`${what} is no text`)
}
