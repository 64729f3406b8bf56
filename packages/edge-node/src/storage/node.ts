/**
 * One node's database while we drive it. Every unit is one LMDB transaction that is made only if the database is still as we left
 * it: so none is written after one that was not, nor by an owner that another has followed, and it costs no reading.
 */
import { type Identity, type Recovered, type Storage, StorageError } from '@flotilla/cluster'
import type { PersistUnit } from '@flotilla/core'
import type { Environment, Write } from './environment.ts'
import { storageError } from './errors.ts'
import { importKeys } from './keys.ts'
import type { HeldLock } from './lock.ts'
import {
  decodeState,
  encodeEntry,
  encodeIdentity,
  encodeSnapshot,
  encodeState,
  IDENTITY,
  type IdentityRecord,
  isClusterId,
  SNAPSHOT,
  STATE,
  type StateRecord,
  versionOf,
} from './records.ts'
import { readHead, readState } from './stored-state.ts'
import { Tally } from './tally.ts'

/** What a test wants to go wrong with the next write. */
export type Fault = () => StorageError | undefined

export interface OwnedNode {
  readonly recovered: Recovered
  readonly identity: IdentityRecord
  readonly state: StateRecord
}

/** Becomes the owner, and reads everything. `undefined` if nobody ever was this database's. @throws StorageError */
export async function own(environment: Environment, folder: string, nodeId: string): Promise<OwnedNode | undefined> {
  for (;;) {
    environment.refresh()
    const head = readHead(environment, nodeId, Tally.read(folder))
    if (head === undefined) return undefined
    const { identity, state: before } = head
    // What cannot be read is nobody's, and stays as it is.
    readState(environment, before)
    const state = { ...before, units: before.units + 1, ownerEpoch: before.ownerEpoch + 1 }
    const owned = await environment.writeIf(versionOf(before), versionOf(state), STATE, [
      { key: STATE, record: encodeState(state) },
    ])
    // Somebody has written meanwhile.
    if (!owned) continue
    const keys = identity.keys && (await importKeys(identity.keys))
    const recovered: Recovered = {
      identity: { nodeId, clusterId: identity.clusterId },
      ownerEpoch: state.ownerEpoch,
      state: readState(environment, state),
      ...(keys && { keys }),
    }
    return { recovered, identity, state }
  }
}

/** The writes of a unit, without the state that goes with it. */
export function writesOf(unit: PersistUnit, { snapshotIndex, lastIndex }: StateRecord): Write[] {
  const { snapshot, truncateFrom, entries } = unit
  const writes: Write[] = []
  const remove = (from: number, upTo: number): void => {
    for (let key = from; key <= upTo; key++) writes.push({ key, record: undefined })
  }
  if (snapshot !== undefined) {
    remove(snapshotIndex + 1, Math.min(lastIndex, snapshot.index))
    writes.push({ key: SNAPSHOT, record: encodeSnapshot(snapshot) })
  }
  if (truncateFrom > 0) remove(truncateFrom, lastIndex)
  for (const entry of entries) writes.push({ key: entry.index, record: encodeEntry(entry) })
  return writes
}

/** What the state is after a unit. */
export function stateAfter(unit: PersistUnit, before: StateRecord): StateRecord {
  const { hardState, snapshot, truncateFrom, entries } = unit
  const snapshotIndex = snapshot?.index ?? before.snapshotIndex
  const kept = truncateFrom > 0 ? Math.min(before.lastIndex, truncateFrom - 1) : before.lastIndex
  const lastIndex = entries.at(-1)?.index ?? Math.max(kept, snapshotIndex)
  return { ...before, ...hardState, units: before.units + 1, snapshotIndex, lastIndex }
}

export function driveNode(
  environment: Environment,
  tally: Tally,
  lock: HeldLock,
  { recovered, identity, state: owned }: OwnedNode,
  fault: Fault,
): Storage {
  const { nodeId } = identity
  const { ownerEpoch } = recovered
  let state = owned
  let record = identity
  let failure: StorageError | undefined
  let closing: Promise<void> | undefined
  let underWay: Promise<void> = Promise.resolve()
  let lose: (error: StorageError) => void = () => {}
  const lost = new Promise<StorageError>(resolve => {
    lose = resolve
  })
  tally.write(state.units)

  const found: Identity = { nodeId, clusterId: identity.clusterId }
  return { recovered: { ...recovered, identity: found }, persist, noteCommitted, setClusterId, refound, close, lost }

  function persist(unit: PersistUnit): Promise<void> {
    return write(before => [stateAfter(unit, before), writesOf(unit, before)])
  }

  function noteCommitted(index: number): Promise<void> {
    return write(before => [{ ...before, units: before.units + 1, commitIndex: index }, []])
  }

  async function setClusterId(clusterId: string): Promise<void> {
    if (!isClusterId(clusterId)) throw new StorageError('Corrupt', `${clusterId} is no cluster id`)
    if (record.clusterId !== undefined && record.clusterId !== clusterId) {
      throw new StorageError('Corrupt', `${nodeId} belongs to cluster ${record.clusterId}, not ${clusterId}`)
    }
    record = { ...record, clusterId }
    const identified: Write = { key: IDENTITY, record: encodeIdentity(record) }
    return write(before => [{ ...before, units: before.units + 1 }, [identified]])
  }

  async function refound(clusterId: string, unit: PersistUnit): Promise<void> {
    if (!isClusterId(clusterId)) throw new StorageError('Corrupt', `${clusterId} is no cluster id`)
    record = { ...record, clusterId }
    const identified: Write = { key: IDENTITY, record: encodeIdentity(record) }
    return write(before => [stateAfter(unit, before), [...writesOf(unit, before), identified]])
  }

  function close(): Promise<void> {
    closing ??= (async () => {
      await underWay
      tally.flush()
      tally.close()
      await environment.close()
      await lock.release()
    })()
    return closing
  }

  function write(change: (before: StateRecord) => readonly [StateRecord, readonly Write[]]): Promise<void> {
    if (failure !== undefined) return Promise.reject(failure)
    if (closing !== undefined) return Promise.reject(new StorageError('Closed', `the database of ${nodeId} is closed`))
    const wrong = fault()
    if (wrong !== undefined) return Promise.reject(fail(wrong))
    const before = state
    let writes: readonly Write[]
    try {
      ;[state, writes] = change(before)
    } catch (cause) {
      return Promise.reject(fail(storageError(cause)))
    }
    const written = make(before, state, writes)
    underWay = Promise.allSettled([underWay, written]).then(() => undefined)
    return written
  }

  async function make(before: StateRecord, after: StateRecord, writes: readonly Write[]): Promise<void> {
    try {
      const all = [...writes, { key: STATE, record: encodeState(after) }]
      const isOurs = await environment.writeIf(versionOf(before), versionOf(after), STATE, all)
      if (!isOurs) throw failure ?? whoWrote()
      tally.write(after.units)
    } catch (cause) {
      throw fail(storageError(cause))
    }
  }

  /** Somebody has, since we did. */
  function whoWrote(): StorageError {
    environment.refresh()
    const found = environment.get(STATE)
    const owner = found === undefined ? undefined : decodeState(found).ownerEpoch
    return owner === ownerEpoch
      ? new StorageError('Unavailable', `a unit of ${nodeId} was not written, and none after it can be`)
      : new StorageError('Fenced', `opened as ${ownerEpoch}, and since then as ${String(owner)}`)
  }

  /** The first failure is the storage's: nothing can be written after a unit that was not. */
  function fail(error: StorageError): StorageError {
    failure ??= error
    if (failure.kind === 'Fenced' || failure.kind === 'Unavailable') lose(failure)
    return failure
  }
}
