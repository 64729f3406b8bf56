/**
 * What is in a node's database: which key holds what, and what counts as one of our records when it is read back.
 *
 * One object store holds everything, so that a unit is one transaction over one store, which is all that idb-keyval's
 * `UseStore` offers. Numbers sort before strings: the log is the range of numeric keys, an entry's key being its index,
 * and the few small records have names.
 */
import type { Identity } from '@flotilla/cluster'
import type { Configuration, Entry, HardState, Member, PersistUnit, RecoveredState, Snapshot } from '@flotilla/core'
import { corrupt } from './errors.ts'

export const IDENTITY = 'identity'
export const OWNER_EPOCH = 'ownerEpoch'
export const HARD_STATE = 'hardState'
export const SNAPSHOT = 'snapshot'
/** Up to which index the log is known to be committed: not there in what was written before this was remembered. */
export const COMMIT_INDEX = 'commitIndex'
/** A browser stores keys without showing them to anybody. */
export const KEYS = 'keys'

/** The first and the last key that an entry can have. */
export const LOG_KEYS = [1, Number.MAX_SAFE_INTEGER] as const

/** Who a database belongs to, and as which of the room's nodes on this device it was made. */
export interface IdentityRecord extends Identity {
  readonly created: number
}

/** Everything of a unit but its deletions. */
export function unitRecords(unit: PersistUnit): [IDBValidKey, unknown][] {
  const records: [IDBValidKey, unknown][] = []
  if (unit.hardState !== undefined) records.push([HARD_STATE, { ...unit.hardState }])
  if (unit.snapshot !== undefined) records.push([SNAPSHOT, { ...unit.snapshot, data: alone(unit.snapshot.data) }])
  for (const entry of unit.entries) {
    records.push([entry.index, entry.kind === 'command' ? { ...entry, data: alone(entry.data) } : entry])
  }
  return records
}

/** A view is cloned with the whole buffer under it, and commands are views of the frames they came in. */
function alone(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
}

export function readIdentity(found: unknown, nodeId: string): IdentityRecord {
  const { clusterId, created, ...rest } = object(found, 'the identity')
  if (rest.nodeId !== nodeId) throw corrupt(`the node ${nodeId} calls itself ${shown(rest.nodeId)}`)
  if (clusterId !== undefined && !isClusterId(clusterId)) throw corrupt('the cluster id is not 32 hexadecimal digits')
  return { nodeId, clusterId, created: whole(created, 0, 'the order of creation') }
}

export function readKeys(found: unknown): CryptoKeyPair | undefined {
  if (found === undefined) return undefined
  const { publicKey, privateKey } = object(found, 'the pair of keys')
  if (publicKey instanceof CryptoKey && privateKey instanceof CryptoKey) return { publicKey, privateKey }
  throw corrupt('the keys are none')
}

export function isClusterId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)
}

/** How often the database was opened before. */
export const readOwnerEpoch = (found: unknown): number => whole(found, 0, 'the ownerEpoch')

/** The state that the records make up, each of them checked, and the log checked to be one. */
export function readState(
  hardState: unknown,
  snapshot: unknown,
  entries: readonly unknown[],
  commitIndex: unknown,
): RecoveredState {
  const base = snapshot === undefined ? undefined : readSnapshot(snapshot)
  return {
    ...readHardState(hardState),
    snapshot: base,
    entries: readLog(entries, base),
    ...(commitIndex === undefined ? {} : { commitIndex: readCommitIndex(commitIndex) }),
  }
}

export function readCommitIndex(found: unknown): number {
  return whole(object(found, 'the commit index').index, 0, 'the commit index')
}

export function readHardState(found: unknown): HardState {
  if (found === undefined) return { currentTerm: 0, votedFor: undefined }
  const { currentTerm, votedFor } = object(found, 'the hard state')
  return {
    currentTerm: whole(currentTerm, 0, 'currentTerm'),
    votedFor: votedFor === undefined ? undefined : text(votedFor, 'votedFor'),
  }
}

export function readSnapshot(found: unknown): Snapshot {
  const { index, term, configuration, data } = object(found, 'the snapshot')
  return {
    index: whole(index, 1, "the snapshot's index"),
    term: whole(term, 0, "the snapshot's term"),
    configuration: readConfiguration(configuration),
    data: bytes(data, "the snapshot's data"),
  }
}

/** Contiguous from the snapshot on, with terms that never descend. */
function readLog(found: readonly unknown[], base: Snapshot | undefined): Entry[] {
  let index = base?.index ?? 0
  let term = base?.term ?? 0
  return found.map(record => {
    const entry = readEntry(record)
    if (entry.index !== index + 1) throw corrupt(`entry ${entry.index} follows entry ${index}`)
    if (entry.term < term) throw corrupt(`the term descends from ${term} to ${entry.term} at entry ${entry.index}`)
    index = entry.index
    term = entry.term
    return entry
  })
}

export function readEntry(found: unknown): Entry {
  const record = object(found, 'an entry')
  const index = whole(record.index, 1, "an entry's index")
  const term = whole(record.term, 0, "an entry's term")
  switch (record.kind) {
    case 'command':
      return { index, term, kind: 'command', data: bytes(record.data, "a command's data") }
    case 'noop':
      return { index, term, kind: 'noop', data: null }
    case 'configuration':
      return { index, term, kind: 'configuration', data: readConfiguration(record.data) }
    default:
      throw corrupt(`entry ${index} is of kind ${shown(record.kind)}`)
  }
}

function readConfiguration(found: unknown): Configuration {
  const { members, voters, oldVoters, namesGiven, expelled = [] } = object(found, 'a configuration')
  return {
    members: list(members, 'members').map(readMember),
    voters: list(voters, 'voters').map(id => text(id, 'a voter')),
    oldVoters: list(oldVoters, 'oldVoters').map(id => text(id, 'an old voter')),
    namesGiven: whole(namesGiven, 0, 'namesGiven'),
    // Not there in what was written before anybody could be expelled.
    expelled: list(expelled, 'expelled').map(id => text(id, 'an expelled node')),
  }
}

function readMember(found: unknown): Member {
  const { id, name } = object(found, 'a member')
  return { id: text(id, "a member's id"), name: text(name, "a member's name") }
}

function object(value: unknown, what: string): Record<string, unknown> {
  if (isRecord(value)) return value
  throw corrupt(`${what} is no record`)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function whole(value: unknown, least: number, what: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
  throw corrupt(`${what} is ${shown(value)}`)
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value
  throw corrupt(`${what} is no text`)
}

function bytes(value: unknown, what: string): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw corrupt(`${what} is not bytes`)
}

function list(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw corrupt(`${what} is no list`)
}

/** An object may say anything of itself, or throw. */
const shown = (value: unknown): string => (typeof value === 'object' ? 'no plain value' : String(value))
