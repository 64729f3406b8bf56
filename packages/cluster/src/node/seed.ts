/**
 * A cluster of one that begins with what another room held: a new cluster, a new node and the first rules, and of the old one only what its commands
 * came to, or those that nobody here can apply. Who belonged to the old room, what closed it and whom it kept out stays with that.
 */
import { type Entry, initialConfiguration, type NodeId, type PersistUnit, type Snapshot } from '@flotilla/core'
import { ClusterError, type ClusterOptions } from '../api.ts'
import { SessionTable } from '../clients/sessions.ts'
import { decodeEnvelope } from '../wire/command.ts'
import { firstHouseRules } from '../wire/house-rules.ts'
import { newClusterId, newNodeId, systemRandomBytes } from '../wire/identity.ts'
import { checkOptions } from './check-options.ts'
import { decodeNodeSnapshot, encodeNodeSnapshot, SnapshotFormatError } from './node-snapshot.ts'

/** What a room held. */
export type HeldRoom =
  /** Its machine's snapshot, as of this entry. */
  | { readonly kind: 'state'; readonly index: number; readonly state: Uint8Array }
  /** A node's disk up to what was committed, as `carrier` keeps it. */
  | {
      readonly kind: 'log'
      readonly snapshot: Pick<Snapshot, 'index' | 'term' | 'data'> | undefined
      readonly entries: readonly Entry[]
    }

/**
 * Makes the database of a node that has this room to itself, for `joinCluster` to take up; gives its id. Rejects with `AlreadyExists` where the storage has
 * nodes of the room, `InvalidOptions` where this is nothing that a room can have held, or `StorageFailed`.
 */
export async function seedCluster(
  {
    room,
    storage,
    newIdentity,
    randomBytes = systemRandomBytes,
  }: Pick<ClusterOptions<never, never>, 'room' | 'storage' | 'newIdentity' | 'randomBytes'>,
  held: HeldRoom,
): Promise<NodeId> {
  checkOptions({ room })
  const shelf = storage(room)
  const identity = (await newIdentity?.()) ?? { nodeId: newNodeId(randomBytes) }
  const first = held.kind === 'state' ? unitOfState(held, identity.nodeId) : unitOfLog(held, identity.nodeId)
  const make = async (): Promise<void> => {
    const { nodes, damaged } = await shelf.survey()
    if (nodes.length + damaged.length > 0)
      throw new ClusterError('AlreadyExists', `there are nodes of the room ${room}`)
    const made = await shelf.create({ ...identity, clusterId: newClusterId(randomBytes) }, first)
    await made.close()
  }
  await shelf.exclusively(make).catch((cause: unknown) => {
    if (cause instanceof ClusterError) throw cause
    throw new ClusterError('StorageFailed', 'no database can be made', { cause })
  })
  return identity.nodeId
}

function unitOfState({ index, state }: Extract<HeldRoom, { kind: 'state' }>, self: NodeId): PersistUnit {
  const data = encodeNodeSnapshot({ rules: firstHouseRules, sessions: new SessionTable(), machine: state })
  return unit({ index: Math.max(1, index), term: 1, data, configuration: initialConfiguration([self]) }, [], 1)
}

function unitOfLog({ snapshot, entries }: Extract<HeldRoom, { kind: 'log' }>, self: NodeId): PersistUnit {
  const configuration = initialConfiguration([self])
  let next = (snapshot?.index ?? 0) + 1
  let term = snapshot?.term ?? 1
  for (const entry of entries) {
    if (entry.index !== next++ || entry.term < term)
      throw refusal(`entry ${entry.index} does not follow the one before`)
    term = entry.term
  }
  if (snapshot === undefined) {
    const [founding, ...rest] = entries
    if (founding?.kind !== 'configuration') throw refusal('it begins with no configuration')
    return unit(undefined, [{ ...founding, data: configuration }, ...rest.map(withoutTheRoom)], term)
  }
  return unit({ ...snapshot, data: withFirstRules(snapshot.data), configuration }, entries.map(withoutTheRoom), term)
}

const unit = (snapshot: Snapshot | undefined, entries: readonly Entry[], currentTerm: number): PersistUnit => ({
  token: 1,
  hardState: { currentTerm, votedFor: undefined },
  snapshot,
  truncateFrom: 0,
  entries,
})

/** In its place nothing: sessions are named by the index of what opened them. */
function withoutTheRoom(entry: Entry): Entry {
  if (entry.kind === 'noop') return entry
  const isCommand = entry.kind === 'command' && !isAmendment(entry.data)
  return isCommand ? entry : { index: entry.index, term: entry.term, kind: 'noop', data: null }
}

function isAmendment(data: Uint8Array): boolean {
  const decoded = decodeEnvelope(data)
  return decoded.ok && decoded.value.kind === 'amend'
}

function withFirstRules(data: Uint8Array): Uint8Array {
  try {
    return encodeNodeSnapshot({ ...decodeNodeSnapshot(data), rules: firstHouseRules })
  } catch (cause) {
    if (!(cause instanceof SnapshotFormatError || cause instanceof RangeError)) throw cause
    throw refusal('its snapshot is none', cause)
  }
}

const refusal = (why: string, cause?: unknown): ClusterError =>
  new ClusterError('InvalidOptions', `this is nothing that a room can have held: ${why}`, { cause })
