/** A node's status, and why it refuses something, as bytes. */
import {
  type ClusterErrorKind,
  MAX_INTEGER,
  type MemberStatus,
  type NodeFailure,
  type WaitingFor,
} from '@flotilla/cluster'
import type { Reader, Writer } from '@flotilla/cluster/clients'
import type { NodeId } from '@flotilla/core'
import type { NodeStatus, Refusal } from './message.ts'

const states = ['joining', 'running', 'crashed', 'failed', 'closed'] as const satisfies readonly NodeStatus['state'][]
const roles = [
  'follower',
  'preCandidate',
  'candidate',
  'leader',
  'learner',
] as const satisfies readonly NodeStatus['role'][]
const links = ['none', 'direct', 'relayed'] as const satisfies readonly MemberStatus['link'][]
const failures = [
  'Fenced',
  'QuotaExceeded',
  'Unavailable',
  'Corrupt',
  'NewerVersion',
  'Exists',
  'Closed',
  'MachineFailed',
  'InvariantBroken',
  'Diverged',
  'LeftBehind',
] as const satisfies readonly NodeFailure[]

/** What a node refuses with that was asked to do something; anything else is told as `Timeout`: it may have been done. */
const refusals: readonly ClusterErrorKind[] = [
  'Timeout',
  'NotLeader',
  'TransferRefused',
  'MembershipRefused',
  'InvalidOptions',
  'Crashed',
  'Closed',
  'StorageFailed',
  'MachineFailed',
  'Diverged',
  'LeftBehind',
  'OpenTimeout',
]

const MAX_MEMBERS = 1024
const MAX_TEXT_BYTES = 1024
/** An id and a name of one byte each, their lengths, a flag, and what its link is. */
const LEAST_MEMBER_BYTES = 6

export function writeStatus(writer: Writer, status: NodeStatus): void {
  writer.nodeId(status.id)
  writer.flag(status.clusterId !== undefined)
  if (status.clusterId !== undefined) writer.nodeId(status.clusterId)
  writer.byte(states.indexOf(status.state))
  writer.byte(roles.indexOf(status.role))
  writer.term(status.term)
  writer.flag(status.leader !== undefined)
  if (status.leader !== undefined) writer.nodeId(status.leader)
  writer.integer(status.commitIndex, 'commitIndex')
  writer.integer(status.lastApplied, 'lastApplied')
  writer.uint(status.members.length, 0, MAX_MEMBERS, 'number of members')
  for (const { id, name, voter, link } of status.members) {
    writer.nodeId(id)
    writer.nodeId(name)
    writer.flag(voter)
    writer.byte(links.indexOf(link))
  }
  writer.flag(status.failure !== undefined)
  if (status.failure !== undefined) writer.byte(failures.indexOf(status.failure))
  writer.flag(status.waitingFor !== undefined)
  if (status.waitingFor !== undefined) writeWaitingFor(writer, status.waitingFor)
}

function writeWaitingFor(writer: Writer, { missing, needed, mayBeOutdated, since }: WaitingFor): void {
  writer.uint(missing.length, 0, MAX_MEMBERS, 'number of missing voters')
  for (const id of missing) writer.nodeId(id)
  writer.uint(needed, 0, MAX_MEMBERS, 'needed')
  writer.flag(mayBeOutdated)
  writer.uint(Math.floor(since), 0, MAX_INTEGER, 'since')
}

export function readStatus(reader: Reader): NodeStatus {
  const id = reader.nodeId()
  const clusterId = reader.flag('whether the cluster is known') ? reader.nodeId() : undefined
  const state = oneOf(reader, states, 'the state')
  const role = oneOf(reader, roles, 'the role')
  const term = reader.term()
  const leader = reader.flag('whether the leader is known') ? reader.nodeId() : undefined
  const commitIndex = reader.integer('commitIndex')
  const lastApplied = reader.integer('lastApplied')
  const members: MemberStatus[] = []
  for (let left = reader.count(MAX_MEMBERS, LEAST_MEMBER_BYTES, 'members'); left > 0; left--) {
    const member = { id: reader.nodeId(), name: reader.nodeId(), voter: reader.flag('voter') }
    const link = oneOf(reader, links, 'the link')
    members.push({ ...member, connected: link !== 'none', link })
  }
  const failure = reader.flag('whether it failed') ? oneOf(reader, failures, 'the failure') : undefined
  const waitingFor = reader.flag('whether it has no leader') ? readWaitingFor(reader) : undefined
  return { id, clusterId, state, failure, role, term, leader, commitIndex, lastApplied, members, waitingFor }
}

function readWaitingFor(reader: Reader): WaitingFor {
  const missing: NodeId[] = []
  for (let left = reader.count(MAX_MEMBERS, 2, 'missing voters'); left > 0; left--) missing.push(reader.nodeId())
  const needed = reader.uint(0, MAX_MEMBERS, 'needed')
  const mayBeOutdated = reader.flag('whether members may be others')
  return { missing, needed, mayBeOutdated, since: reader.integer('since') }
}

export function writeRefusal(writer: Writer, { kind, message }: Refusal): void {
  writer.byte(Math.max(0, refusals.indexOf(kind)))
  const text = new Uint8Array(MAX_TEXT_BYTES)
  writer.data(text.subarray(0, new TextEncoder().encodeInto(message, text).written), MAX_TEXT_BYTES, 'a message')
}

export function readRefusal(reader: Reader): Refusal {
  const kind = oneOf(reader, refusals, 'the kind of an error')
  return { kind, message: new TextDecoder().decode(reader.data(MAX_TEXT_BYTES, 'a message')) }
}

function oneOf<T>(reader: Reader, values: readonly T[], what: string): T {
  const number = reader.byte(what)
  const value = values[number]
  if (value === undefined) throw reader.fault('OutOfRange', `${what} is ${number}`, reader.offset - 1)
  return value
}
