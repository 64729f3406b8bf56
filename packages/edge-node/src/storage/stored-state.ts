/** Everything that a node's database holds, read and held against what it says of itself. */
import { type StoredNode, storedNode } from '@flotilla/cluster'
import { type Entry, emptyConfiguration, type RecoveredState, type Snapshot } from '@flotilla/core'
import type { Environment } from './environment.ts'
import { corrupt } from './errors.ts'
import {
  decodeEntryAt,
  decodeIdentity,
  decodeSnapshot,
  decodeState,
  IDENTITY,
  type IdentityRecord,
  SNAPSHOT,
  STATE,
  type StateRecord,
} from './records.ts'

/** `undefined` if nobody ever was this database's. `tally`: what is said beside it. @throws StorageError `Corrupt` */
export function readHead(
  environment: Environment,
  nodeId: string,
  tally: number,
): { readonly identity: IdentityRecord; readonly state: StateRecord } | undefined {
  const [identityRecord, stateRecord] = [environment.get(IDENTITY), environment.get(STATE)]
  if (identityRecord === undefined && stateRecord === undefined && tally === 0) return undefined
  if (identityRecord === undefined) throw corrupt('the identity is missing')
  if (stateRecord === undefined) throw corrupt('the state is missing')
  const identity = decodeIdentity(identityRecord)
  if (identity.nodeId !== nodeId) throw corrupt(`the node ${nodeId} calls itself ${identity.nodeId}`)
  const state = decodeState(stateRecord)
  if (state.units < tally) {
    throw corrupt(
      `there are ${state.units} units of the ${tally} that were written: it is an older copy, or its head is damaged`,
    )
  }
  return { identity, state }
}

/** @throws StorageError `Corrupt` */
export function readState(environment: Environment, state: StateRecord): RecoveredState {
  const { currentTerm, votedFor, commitIndex, snapshotIndex, lastIndex } = state
  const snapshot = readSnapshot(environment, snapshotIndex)
  const entries: Entry[] = []
  let index = snapshotIndex
  let term = snapshot?.term ?? 0
  for (const { key, record } of environment.records(1, Number.MAX_SAFE_INTEGER)) {
    if (key !== index + 1) throw corrupt(`entry ${key} follows entry ${index}`)
    index += 1
    const entry = decodeEntryAt(index, record())
    if (entry.term < term) throw corrupt(`the term descends from ${term} to ${entry.term} at entry ${index}`)
    term = entry.term
    entries.push(entry)
  }
  if (index !== lastIndex) throw corrupt(`the log ends at entry ${index}, and was written up to entry ${lastIndex}`)
  return { currentTerm, votedFor, snapshot, entries, ...(commitIndex !== undefined && { commitIndex }) }
}

function readSnapshot(environment: Environment, index: number): Snapshot | undefined {
  const record = environment.get(SNAPSHOT)
  if (record === undefined && index === 0) return undefined
  if (record === undefined) throw corrupt(`the snapshot of entry ${index} is missing`)
  const snapshot = decodeSnapshot(record)
  if (snapshot.index !== index) throw corrupt(`the snapshot is of entry ${snapshot.index}, and not of entry ${index}`)
  return snapshot
}

/** Of a long log only the end is read, as far back as the last configuration in it. @throws StorageError `Corrupt` */
export function readEnd(
  environment: Environment,
  { nodeId, clusterId }: IdentityRecord,
  state: StateRecord,
): StoredNode {
  const { lastIndex, snapshotIndex } = state
  const snapshot = readSnapshot(environment, snapshotIndex)
  if (lastIndex === snapshotIndex) return storedNode({ nodeId, clusterId }, { entries: [], snapshot })
  let lastTerm: number | undefined
  for (const { key, record } of environment.backwards(lastIndex)) {
    const entry = decodeEntryAt(Number(key), record())
    lastTerm ??= entry.term
    if (entry.kind === 'configuration') return { nodeId, clusterId, lastTerm, lastIndex, configuration: entry.data }
  }
  if (lastTerm === undefined) throw corrupt(`the log is missing from entry ${snapshotIndex + 1} to entry ${lastIndex}`)
  return { nodeId, clusterId, lastTerm, lastIndex, configuration: snapshot?.configuration ?? emptyConfiguration }
}
