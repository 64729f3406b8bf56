/**
 * What lies in a data directory, read without driving any of it and without changing it: every record by itself, so that one which is
 * damaged hides no other.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type StorageError, StorageError as StorageFailure } from '@flotilla/cluster'
import { type Gap, type InspectedEntry, inspectedEntry, inspectLog } from '@flotilla/cluster/inspection'
import type { Snapshot } from '@flotilla/core'
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
  readonly gaps: readonly Gap[]
  /** Everything that is wrong. With none of these the node can be driven. */
  readonly problems: readonly StorageError[]
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
  const log = inspectLog(entries, { after: state?.snapshotIndex, upTo: state?.lastIndex ?? 0 })
  return { room, nodeId, folder, isDriven, ...known, gaps: log.gaps, problems: [...problems, ...log.problems] }
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
      entries.push(inspectedEntry(index, () => decodeEntryAt(index, unsealed(index, bytes)), storageError))
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
