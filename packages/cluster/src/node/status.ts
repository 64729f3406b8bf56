/** What a node says of itself to its application: the core's status, in the terms of the room. */
import { emptyConfiguration, isVoter, type NodeId, type RaftStatus } from '@flotilla/core'
import type { ClusterStatus } from '../api.ts'
import type { StorageErrorKind } from '../storage.ts'

export interface NodeCondition {
  readonly id: NodeId
  readonly clusterId: string | undefined
  readonly state: 'running' | 'crashed' | 'failed' | 'closed'
  readonly failure: StorageErrorKind | undefined
  /** What the core said last. */
  readonly raft: RaftStatus
  readonly lastApplied: number
  readonly up: ReadonlySet<NodeId>
}

export function clusterStatus({ id, clusterId, state, failure, raft, lastApplied, up }: NodeCondition): ClusterStatus {
  const { configuration } = raft
  const member = configuration.members.find(candidate => candidate.id === id)
  const runs = state === 'running'
  return {
    id,
    name: member?.name,
    clusterId,
    state: runs && member === undefined ? 'joining' : state,
    failure,
    role: isVoter(configuration, id) ? (runs ? raft.role : 'follower') : 'learner',
    term: raft.currentTerm,
    votedFor: raft.votedFor,
    leader: runs ? raft.leader : undefined,
    lastIndex: raft.lastIndex,
    commitIndex: raft.commitIndex,
    lastApplied,
    snapshotIndex: raft.snapshotIndex,
    members: configuration.members.map(({ id: memberId, name }) => ({
      id: memberId,
      name,
      voter: isVoter(configuration, memberId),
      connected: memberId === id || up.has(memberId),
    })),
    followers: runs ? raft.followers : [],
  }
}

/** Before the core has said anything. */
export function blankStatus(id: NodeId): RaftStatus {
  return {
    id,
    role: 'follower',
    currentTerm: 0,
    votedFor: undefined,
    leader: undefined,
    firstIndex: 1,
    lastIndex: 0,
    lastTerm: 0,
    commitIndex: 0,
    lastApplied: 0,
    durableIndex: 0,
    snapshotIndex: 0,
    configuration: emptyConfiguration,
    configurationIndex: 0,
    transferringTo: undefined,
    followers: [],
  }
}
