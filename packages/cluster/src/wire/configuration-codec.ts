/**
 * A cluster's configuration as bytes, in log entries and in snapshots.
 *
 *   namesGiven · members { id · number of the name } · voters { position } · old voters { position + 1 | 0 · id } ·
 *   expelled { id }
 *
 * Voters are written as positions in the list of members, so that a voter who is no member cannot be written. An old
 * voter may be one (it was removed in this very change), and then has its id spelt out.
 */
import { type Configuration, MAX_EXPELLED, type Member, type NodeId } from '@flotilla/core'
import type { Decoded } from './frame.ts'
import { MAX_INTEGER, MAX_LISTED_MEMBERS } from './limits.ts'
import { Reader, refused } from './reader.ts'
import { scratch, type Writer } from './writer.ts'

/** For storages: a configuration on its own. @throws RangeError for one that no cluster can be in. */
export function encodeConfiguration(configuration: Configuration): Uint8Array {
  const writer = scratch.restart()
  writeConfiguration(writer, configuration)
  return writer.finish()
}

export function decodeConfiguration(bytes: Uint8Array): Decoded<Configuration> {
  try {
    const reader = new Reader(bytes)
    const value = readConfiguration(reader)
    reader.end()
    return { ok: true, value }
  } catch (caught) {
    return refused(caught)
  }
}

export function writeConfiguration(writer: Writer, configuration: Configuration): void {
  const { members, voters, oldVoters, namesGiven, expelled } = configuration
  const flaw = flawOf(configuration)
  if (flaw !== undefined) throw new RangeError(`a configuration in which ${flaw}`)

  writer.integer(namesGiven, 'namesGiven')
  const positions = new Map<NodeId, number>()
  writer.uint(members.length, 0, MAX_LISTED_MEMBERS, 'number of members')
  for (const { id, name } of members) {
    positions.set(id, positions.size)
    writer.nodeId(id)
    writer.uint(nameNumber(name), 1, MAX_INTEGER, 'number of a name')
  }
  writer.uint(voters.length, 0, MAX_LISTED_MEMBERS, 'number of voters')
  for (const id of voters) writer.uint(positions.get(id) ?? -1, 0, MAX_LISTED_MEMBERS, 'position of a voter')
  writer.uint(oldVoters.length, 0, MAX_LISTED_MEMBERS, 'number of old voters')
  for (const id of oldVoters) {
    const position = positions.get(id)
    writer.uint(position === undefined ? 0 : position + 1, 0, MAX_LISTED_MEMBERS, 'position of an old voter')
    if (position === undefined) writer.nodeId(id)
  }
  writer.uint(expelled.length, 0, MAX_EXPELLED, 'number of expelled nodes')
  for (const id of expelled) writer.nodeId(id)
}

export function readConfiguration(reader: Reader): Configuration {
  const start = reader.offset
  const namesGiven = reader.integer('namesGiven')
  const members: Member[] = []
  const ids = new Set<NodeId>()
  for (let left = reader.count(MAX_LISTED_MEMBERS, 3, 'members'); left > 0; left--) {
    const id = reader.nodeId()
    members.push({ id, name: `S${reader.uint(1, MAX_INTEGER, 'number of a name')}` })
    ids.add(id)
  }
  const voters: NodeId[] = []
  for (let left = reader.count(MAX_LISTED_MEMBERS, 1, 'voters'); left > 0; left--) {
    voters.push(memberAt(reader, members, reader.integer('position of a voter')))
  }
  const oldVoters: NodeId[] = []
  for (let left = reader.count(MAX_LISTED_MEMBERS, 1, 'old voters'); left > 0; left--) {
    const place = reader.integer('position of an old voter')
    oldVoters.push(place === 0 ? outsider(reader, ids) : memberAt(reader, members, place - 1))
  }

  const expelled: NodeId[] = []
  for (let left = reader.count(MAX_EXPELLED, 2, 'expelled nodes'); left > 0; left--) expelled.push(reader.nodeId())

  const configuration = { members, voters, oldVoters, namesGiven, expelled }
  const flaw = flawOf(configuration)
  if (flaw !== undefined) throw reader.fault('Inconsistent', `a configuration in which ${flaw}`, start)
  return configuration
}

function memberAt(reader: Reader, members: readonly Member[], position: number): NodeId {
  const member = members[position]
  if (member === undefined) throw reader.fault('Inconsistent', `a voter at ${position} of ${members.length} members`)
  return member.id
}

/** Spelt out though it is a member would be a second way of writing the same. */
function outsider(reader: Reader, members: ReadonlySet<NodeId>): NodeId {
  const start = reader.offset
  const id = reader.nodeId()
  if (members.has(id)) throw reader.fault('Inconsistent', 'an old voter is spelt out though it is a member', start)
  return id
}

/** What makes it no configuration of a cluster, if anything does: one rule for what is sent and what is believed. */
function flawOf({ members, voters, oldVoters, namesGiven, expelled }: Configuration): string | undefined {
  const ids = new Set<NodeId>()
  let lastNumber = 0
  for (const { id, name } of members) {
    const number = nameNumber(name)
    if (!(number > lastNumber)) return `the name ${name.slice(0, 20)} is not S<number>, in the order of joining`
    if (ids.has(id)) return 'a member is named twice'
    ids.add(id)
    lastNumber = number
  }
  if (lastNumber > namesGiven) return `S${lastNumber} was never given, only ${namesGiven} names were`
  if (voters.some(id => !ids.has(id))) return 'a voter is not a member'
  if (new Set(voters).size < voters.length || new Set(oldVoters).size < oldVoters.length) {
    return 'a voter is named twice'
  }
  if (expelled.some(id => ids.has(id)) || new Set(expelled).size < expelled.length) {
    return 'somebody is expelled twice, or though it is a member'
  }
  if (voters.length === 0 && members.length + oldVoters.length > 0) return 'nobody votes'
  return undefined
}

/** NaN for what is no name. */
function nameNumber(name: string): number {
  return /^S[1-9]\d{0,15}$/.test(name) ? Number(name.slice(1)) : Number.NaN
}
