/**
 * Another cluster out of one node's disk, when the majority of the old one is gone for good (`forceNewCluster`). Raft knows no such
 * thing: what the lost voters had committed and this disk has not is lost. So it is another cluster, with another id: no frame of the old
 * one counts in it. Its log goes on where the old one's stands here, with two entries that say what happened: a configuration
 * of this node alone, and a house rule that names the cluster which was left, by which its members are known when they come back.
 */
import { isMember, type NodeId, type PersistUnit } from '@flotilla/core'
import { ClusterError } from '../api.ts'
import { type Recovered, type Storage, StorageError, storedNode } from '../storage.ts'
import { encodeEnvelope } from '../wire/command.ts'
import type { NodeCondition } from './status.ts'
import { waitingFor } from './status.ts'

/** Without a leader for so many election timeouts: who is in reach would have been elected. */
export const LOST_AFTER_TIMEOUTS = 4

/** @throws ClusterError `MembershipRefused` unless a majority is missing, and those who are given up are all who are. */
export function checkRefounding(condition: NodeCondition, abandon: unknown, now: number, isGuest: boolean): void {
  const { id, raft, state, leaderlessSince } = condition
  if (state !== 'running') throw refusal('the node does not run')
  if (isGuest || !isMember(raft.configuration, id))
    throw refusal('this node has no part of the room to found another with')
  if (raft.leader !== undefined) throw refusal(`the room has a leader: ${raft.leader}`)
  if (now - leaderlessSince < LOST_AFTER_TIMEOUTS * raft.electionTimeoutMs)
    throw refusal('there may be a leader soon: this node has not been without one for long enough')
  const { missing, needed } = waitingFor(condition) ?? { missing: [], needed: 0 }
  if (needed === 0) throw refusal('a majority is in reach')
  const given = new Set(Array.isArray(abandon) ? abandon : [])
  if (given.size !== missing.length || !missing.every(voter => given.has(voter)))
    throw refusal(`those who are missing now are others than those to abandon: ${missing.join(', ')}`)
}

/** Durable as a whole, or not at all: then the node is what it was. */
export async function refound(storage: Storage, clusterId: string): Promise<void> {
  const { identity } = storage.recovered
  if (identity.clusterId === undefined) throw new StorageError('Corrupt', 'a member belongs to a cluster')
  await storage.refound(clusterId, unitOf(storage.recovered, identity.nodeId, identity.clusterId))
}

function unitOf({ identity, state }: Recovered, self: NodeId, from: string): PersistUnit {
  const { configuration, lastIndex } = storedNode(identity, state)
  const term = state.currentTerm + 1
  const data = {
    ...configuration,
    members: configuration.members.filter(({ id }) => id === self),
    voters: [self],
    oldVoters: [],
  }
  const rule = encodeEnvelope({ kind: 'amend', change: { type: 'refounded', from } })
  return {
    token: 1,
    hardState: { currentTerm: term, votedFor: self },
    snapshot: undefined,
    truncateFrom: 0,
    entries: [
      { index: lastIndex + 1, term, kind: 'configuration', data },
      { index: lastIndex + 2, term, kind: 'command', data: rule },
    ],
  }
}

const refusal = (why: string): ClusterError => new ClusterError('MembershipRefused', why)
