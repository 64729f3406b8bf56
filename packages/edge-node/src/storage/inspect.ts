/**
 * What lies in a data directory, read without driving any of it and without changing it: every record by itself, so that one which is
 * damaged hides no other.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type StorageError, StorageError as StorageFailure } from '@flotilla/cluster'
import type { Entry, Snapshot } from '@flotilla/core'
import { unsealed } from './checksum.ts'
import { dryRun } from './dry-run.ts'
import { corrupt, storageError } from './errors.ts'
import { DATA_FILE, isEmpty, nodeFolder, nodesIn, roomFolder, roomsIn } from './folders.ts'
import { openLmdb } from './lmdb.ts'
import { isHeld } from './lock.ts'
import {
  decodeEntryAt,
  decodeIdentity,
  decodeSnapshot,
  decodeState,
  IDENTITY,
  SNAPSHOT,
  STATE,
  type StateRecord,
} from './records.ts'
import { lockOf } from './shelf.ts'
import { Tally } from './tally.ts'

export interface InspectedNode {
  readonly room: string
  readonly nodeId: string
  readonly folder: string
  /** Whether a process is driving it now: what is read is as of one moment all the same. */
  readonly isDriven: boolean
  /** `undefined` where it cannot be read; `problems` say why. */
  readonly clusterId: string | undefined
  readonly hasKeys: boolean
  readonly state: StateRecord | undefined
  readonly snapshot: Snapshot | undefined
  /** What there is of the log, in its order. */
  readonly entries: readonly InspectedEntry[]
  /** Entries that should be there, and are not. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[]
  /** Everything that is wrong. With none of these the node can be driven. */
  readonly problems: readonly StorageError[]
}

export interface InspectedEntry {
  readonly index: number
  /** `undefined` where it is damaged. */
  readonly entry: Entry | undefined
  readonly error: StorageError | undefined
}

/**
 * Every node of every room in a data directory, also while it is driven. Rejects with `Unavailable` where the directory is none,
 * or lmdb cannot be loaded; what is damaged is told in `problems`.
 */
export async function inspectDataDir(dataDir: string): Promise<readonly InspectedNode[]> {
  const root = resolve(dataDir)
  if (!existsSync(root)) throw new StorageFailure('Unavailable', `there is no directory ${root}`)
  const found: InspectedNode[] = []
  for (const room of roomsIn(root)) {
    const folder = roomFolder(root, room)
    for (const nodeId of nodesIn(folder)) found.push(await inspectNode(room, nodeId, nodeFolder(folder, nodeId)))
  }
  return found
}

type Known = Pick<InspectedNode, 'clusterId' | 'hasKeys' | 'state' | 'snapshot' | 'entries'>

const unknown: Known = { clusterId: undefined, hasKeys: false, state: undefined, snapshot: undefined, entries: [] }

async function inspectNode(room: string, nodeId: string, folder: string): Promise<InspectedNode> {
  const problems: StorageError[] = []
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read()
    } catch (cause) {
      problems.push(storageError(cause))
      return undefined
    }
  }
  const isDriven = await isHeld(lockOf(folder))
  const tally = attempt(() => Tally.read(folder))
  let known = unknown
  try {
    known = await readAll(folder, attempt)
  } catch (cause) {
    problems.push(storageError(cause))
  }
  const { state, snapshot, entries } = known
  if (state !== undefined && tally !== undefined && state.units < tally) {
    problems.push(corrupt(`there are ${state.units} units of the ${tally} that were written`))
  }
  if (state !== undefined && state.snapshotIndex !== (snapshot?.index ?? 0)) {
    problems.push(corrupt(`the snapshot of entry ${state.snapshotIndex} is missing`))
  }
  const gaps = state === undefined ? [] : gapsIn(entries, state)
  for (const { from, to } of gaps) problems.push(corrupt(`the entries from ${from} to ${to} are missing`))
  for (const { error } of entries) if (error !== undefined) problems.push(error)
  return { room, nodeId, folder, isDriven, ...known, gaps, problems }
}

async function readAll(folder: string, attempt: <T>(read: () => T) => T | undefined): Promise<Known> {
  if (isEmpty(folder) || !existsSync(join(folder, DATA_FILE))) {
    throw corrupt(`the database is missing (${join(folder, DATA_FILE)})`)
  }
  await dryRun(folder)
  const database = await openLmdb(folder, { readOnly: true })
  try {
    const record = <T>(key: string, decode: (record: Uint8Array) => T): T | undefined => {
      const value = database.get(key)
      return value && attempt(() => decode(unsealed(key, value)))
    }
    const [identity, state] = [record(IDENTITY, decodeIdentity), record(STATE, decodeState)]
    if (database.get(IDENTITY) === undefined) attempt(() => missing(IDENTITY))
    if (database.get(STATE) === undefined) attempt(() => missing(STATE))
    const entries: InspectedEntry[] = []
    for (const { key, value } of database.getRange({ start: 1, end: Number.MAX_SAFE_INTEGER })) {
      const index = Number(key)
      const bytes = Buffer.from(value)
      entries.push(readEntry(index, bytes))
    }
    return {
      clusterId: identity?.clusterId,
      hasKeys: identity?.keys !== undefined,
      state,
      snapshot: record(SNAPSHOT, decodeSnapshot),
      entries,
    }
  } finally {
    await database.close()
  }
}

function missing(key: string): never {
  throw corrupt(`the record “${key}” is missing`)
}

function readEntry(index: number, value: Uint8Array): InspectedEntry {
  try {
    return { index, entry: decodeEntryAt(index, unsealed(index, value)), error: undefined }
  } catch (cause) {
    return { index, entry: undefined, error: storageError(cause) }
  }
}

function gapsIn(entries: readonly InspectedEntry[], { snapshotIndex, lastIndex }: StateRecord): InspectedNode['gaps'] {
  const gaps: { from: number; to: number }[] = []
  let next = snapshotIndex + 1
  for (const { index } of entries) {
    if (index > next) gaps.push({ from: next, to: index - 1 })
    next = index + 1
  }
  if (next <= lastIndex) gaps.push({ from: next, to: lastIndex })
  return gaps
}
