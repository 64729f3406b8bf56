/**
 * What lies in this browser's databases, read without driving any node and without changing anything: every record by itself, so that
 * one which is damaged hides no other.
 */
import { StorageError } from '@flotilla/cluster'
import { type Gap, type InspectedEntry, inspectedEntry, inspectLog } from '@flotilla/cluster/inspection'
import type { HardState, NodeId, Snapshot } from '@flotilla/core'
import { databasesNamed, ofThisVersion, openToLook, SCHEMA_VERSION, STORE } from './database.ts'
import { corrupt, storageError } from './errors.ts'
import {
  COMMIT_INDEX,
  HARD_STATE,
  IDENTITY,
  KEYS,
  OWNER_EPOCH,
  readCommitIndex,
  readEntry,
  readHardState,
  readIdentity,
  readOwnerEpoch,
  readSnapshot,
  SNAPSHOT,
} from './records.ts'
import { unsealed } from './sealed.ts'

export interface InspectedDatabase {
  readonly room: string
  readonly nodeId: NodeId
  /** Whether a tab is driving it now: what is read is as of one moment all the same. */
  readonly isDriven: boolean
  /** Nobody ever was this database's: its maker ended between the first open and the first write. */
  readonly isBlank: boolean
  /** `undefined` where it cannot be read; `problems` say why. */
  readonly clusterId: string | undefined
  readonly hasKeys: boolean
  readonly ownerEpoch: number | undefined
  readonly hardState: HardState | undefined
  readonly commitIndex: number | undefined
  readonly snapshot: Snapshot | undefined
  /** What there is of the log, in its order. */
  readonly entries: readonly InspectedEntry[]
  readonly gaps: readonly Gap[]
  /** Of the snapshot and the commands. */
  readonly bytes: number
  /** Everything that is wrong. With none of these the node can be driven. */
  readonly problems: readonly StorageError[]
}

const PREFIX = 'flotilla/'

/** Every node of every room in this browser, also while it is driven. Rejects where the browser does not say what it has. */
export async function inspectDatabases(): Promise<readonly InspectedDatabase[]> {
  const [names, driven] = await Promise.all([databasesNamed(PREFIX), heldLocks()])
  const found: InspectedDatabase[] = []
  for (const name of names.sort()) {
    const [room, nodeId] = name.slice(PREFIX.length).split('/')
    if (room === undefined || nodeId === undefined) continue
    const database = await inspectDatabase(name, {
      room,
      nodeId,
      isDriven: driven.has(`${PREFIX}${room}/node/${nodeId}`),
    })
    if (database !== undefined) found.push(database)
  }
  return found
}

type Whose = Pick<InspectedDatabase, 'room' | 'nodeId' | 'isDriven'>

/** `undefined` if it is gone meanwhile. */
async function inspectDatabase(name: string, whose: Whose): Promise<InspectedDatabase | undefined> {
  try {
    const db = await openToLook(name)
    if (db === undefined) return undefined
    try {
      if (db.version > SCHEMA_VERSION) {
        const problem = new StorageError('NewerVersion', `on disk, version ${db.version}, later than ${SCHEMA_VERSION}`)
        return unreadable(whose, problem)
      }
      return inspected(whose, await allRecords(db), db.version < SCHEMA_VERSION)
    } finally {
      db.close()
    }
  } catch (cause) {
    return unreadable(whose, storageError(cause))
  }
}

const unreadable = (whose: Whose, problem: StorageError): InspectedDatabase => ({
  ...inspected(whose, new Map(), false),
  isBlank: false,
  problems: [problem],
})

/** A value as it lies there, or why it cannot be had. */
type Found = { readonly value: unknown } | { readonly error: StorageError }

function inspected(whose: Whose, records: ReadonlyMap<IDBValidKey, Found>, isUnsealed: boolean): InspectedDatabase {
  const problems: StorageError[] = []
  const foundAt = (key: IDBValidKey): unknown => {
    const found = records.get(key)
    if (found !== undefined && 'error' in found) throw found.error
    return found?.value
  }
  const plain = (key: IDBValidKey): unknown =>
    isUnsealed ? ofThisVersion(key, foundAt(key)) : unsealed(key, foundAt(key))
  const attempt = <T>(key: string, read: () => T): T | undefined => {
    if (!records.has(key)) return undefined
    try {
      return read()
    } catch (cause) {
      problems.push(storageError(cause))
      return undefined
    }
  }
  const isBlank = !records.has(IDENTITY) && [...records.keys()].every(key => typeof key !== 'number')
  if (!records.has(IDENTITY) && !isBlank) problems.push(corrupt('the identity is missing'))
  const identity = attempt(IDENTITY, () => readIdentity(plain(IDENTITY), whose.nodeId))
  const ownerEpoch = attempt(OWNER_EPOCH, () => readOwnerEpoch(foundAt(OWNER_EPOCH)))
  const hardState = attempt(HARD_STATE, () => readHardState(plain(HARD_STATE)))
  const snapshot = attempt(SNAPSHOT, () => readSnapshot(plain(SNAPSHOT)))
  const commitIndex = attempt(COMMIT_INDEX, () => readCommitIndex(plain(COMMIT_INDEX)))
  const entries = [...records.keys()]
    .filter(key => typeof key === 'number')
    .sort((a, b) => a - b)
    .map(index => inspectedEntry(index, () => entryAt(index, plain(index)), storageError))
  const after = records.has(SNAPSHOT) ? snapshot?.index : 0
  // What was committed here was durable here before.
  const log = inspectLog(entries, { after, upTo: commitIndex ?? 0 })
  return {
    ...whose,
    isBlank,
    clusterId: identity?.clusterId,
    hasKeys: records.has(KEYS),
    ownerEpoch,
    hardState,
    commitIndex,
    snapshot,
    entries,
    gaps: log.gaps,
    bytes: entries.reduce(
      (sum, { entry }) => sum + (entry?.kind === 'command' ? entry.data.byteLength : 0),
      snapshot?.data.byteLength ?? 0,
    ),
    problems: [...problems, ...log.problems],
  }
}

function entryAt(index: number, record: unknown): ReturnType<typeof readEntry> {
  const entry = readEntry(record)
  if (entry.index !== index) throw corrupt(`entry ${index} calls itself ${entry.index}`)
  return entry
}

/** As of one moment. A node that writes meanwhile waits for as long as this takes. */
async function allRecords(db: IDBDatabase): Promise<ReadonlyMap<IDBValidKey, Found>> {
  const store = db.transaction(STORE).objectStore(STORE)
  const [keys, values] = [store.getAllKeys(), store.getAll()]
  const [names, all] = await Promise.all([answer(keys), answer(values)])
  if ('error' in names) throw names.error
  if ('error' in all) return oneByOne(db, names.value)
  return new Map(names.value.map((key, i) => [key, { value: all.value[i] }]))
}

/** Where one record cannot be read, none is given with it. */
async function oneByOne(db: IDBDatabase, keys: readonly IDBValidKey[]): Promise<ReadonlyMap<IDBValidKey, Found>> {
  const store = db.transaction(STORE).objectStore(STORE)
  const found = keys.map(async (key): Promise<[IDBValidKey, Found]> => [key, await answer<unknown>(store.get(key))])
  return new Map(await Promise.all(found))
}

type Answer<T> = { readonly value: T } | { readonly error: StorageError }

/** A request that fails does not end its transaction. */
function answer<T>(request: IDBRequest<T>): Promise<Answer<T>> {
  return new Promise(resolve => {
    request.onsuccess = () => resolve({ value: request.result })
    request.onerror = event => {
      event.preventDefault()
      event.stopPropagation()
      resolve({ error: storageError(request.error) })
    }
  })
}

async function heldLocks(): Promise<ReadonlySet<string>> {
  if (!('locks' in navigator)) return new Set()
  const { held = [] } = await navigator.locks.query()
  return new Set(held.flatMap(({ name }) => name ?? []))
}
