/** What a node says of itself to its application: the core's status, in the terms of the room. */
import {
  type Configuration,
  defaultOptions,
  emptyConfiguration,
  isVoter,
  majorityOf,
  type NodeId,
  type RaftStatus,
} from '@flotilla/core'
import type { ClusterStatus, MemberStatus, NodeFailure, WaitingFor } from '../api.ts'
import type { DamagedNode } from '../storage.ts'
import type { Obstacle, TransportErrorKind } from '../transport.ts'
import type { JoinRefusal } from '../wire/frame.ts'
import type { Admission } from '../wire/house-rules.ts'

export interface NodeCondition {
  readonly id: NodeId
  readonly clusterId: string | undefined
  readonly state: 'running' | 'crashed' | 'failed' | 'closed'
  readonly failure: NodeFailure | undefined
  /** What the core said last. */
  readonly raft: RaftStatus
  readonly lastApplied: number
  readonly up: ReadonlySet<NodeId>
  readonly relayed: ReadonlySet<NodeId>
  readonly strangers: ReadonlySet<NodeId>
  readonly ignored: ReadonlySet<NodeId>
  readonly hasHeardLeader: boolean
  /** On the node's clock; only of meaning while it knows of no leader. */
  readonly leaderlessSince: number
  /** Voters that have not been heard of for long, while this one has been without a leader. */
  readonly silent: readonly NodeId[]
  readonly refusal: JoinRefusal | undefined
  readonly admission: Admission
  readonly key: string | undefined
  readonly waiting: readonly NodeId[]
  readonly transportFailure: TransportErrorKind | undefined
  readonly obstacles: readonly Obstacle[]
}

export function clusterStatus(condition: NodeCondition, damaged: readonly DamagedNode[]): ClusterStatus {
  const { id, clusterId, state, failure, raft, lastApplied, up, transportFailure } = condition
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
      link: linkTo(memberId, condition),
    })),
    followers: runs ? raft.followers : [],
    waitingFor: runs && raft.leader === undefined ? waitingFor(condition) : undefined,
    refusal: runs && raft.leader === undefined ? condition.refusal : undefined,
    admission: condition.admission,
    key: condition.key,
    waiting: runs ? condition.waiting : [],
    damaged,
    transportFailure,
    strangers: [...condition.strangers],
    ignored: [...condition.ignored],
    obstacles: runs ? condition.obstacles : [],
  }
}

function linkTo(member: NodeId, { id, up, relayed }: NodeCondition): MemberStatus['link'] {
  if (member !== id && !up.has(member)) return 'none'
  return relayed.has(member) ? 'relayed' : 'direct'
}

export function waitingFor({
  id,
  raft,
  up,
  hasHeardLeader,
  leaderlessSince,
  silent,
}: NodeCondition): WaitingFor | undefined {
  const { voters, oldVoters } = raft.configuration
  if (voters.length === 0) return undefined
  const isMissing = (voter: NodeId): boolean => voter !== id && (!up.has(voter) || silent.includes(voter))
  return {
    missing: [...new Set([...voters, ...oldVoters])].filter(isMissing),
    needed: Math.max(lacking(voters, isMissing), lacking(oldVoters, isMissing)),
    mayBeOutdated: !hasHeardLeader,
    since: leaderlessSince,
  }
}

/** How many more of them make a majority of them. */
function lacking(voters: Configuration['voters'], isMissing: (id: NodeId) => boolean): number {
  if (voters.length === 0) return 0
  return Math.max(0, majorityOf(voters.length) - voters.filter(id => !isMissing(id)).length)
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
    electionTimeoutMs: defaultOptions.electionTimeoutMs,
    followers: [],
  }
}
