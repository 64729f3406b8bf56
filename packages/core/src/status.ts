/** What a node can say of itself at any moment, for people and for tests. */
import type { Leadership } from './leadership.ts'
import type { Configuration, NodeId } from './membership.ts'
import type { RaftState } from './state.ts'
import type { Role } from './trace.ts'

export interface FollowerStatus {
  readonly id: NodeId
  readonly state: 'probe' | 'replicate' | 'snapshot'
  readonly matchIndex: number
  readonly nextIndex: number
  readonly inflightMessages: number
  /** It keeps up: it has at least what the leader had an election timeout ago (cf. dissertation §4.2.1). */
  readonly isCaughtUp: boolean
  /** When the leader last heard from it, on the leader's clock; `undefined` for never in this term. */
  readonly lastHeardAt: number | undefined
}

export interface RaftStatus {
  readonly id: NodeId
  readonly role: Role
  readonly currentTerm: number
  readonly votedFor: NodeId | undefined
  readonly leader: NodeId | undefined
  readonly firstIndex: number
  readonly lastIndex: number
  readonly lastTerm: number
  readonly commitIndex: number
  /** Handed to the host to apply. */
  readonly lastApplied: number
  readonly durableIndex: number
  readonly snapshotIndex: number
  readonly configuration: Configuration
  /** Where `configuration` stands in the log; ≤ commitIndex once it is committed. */
  readonly configurationIndex: number
  readonly transferringTo: NodeId | undefined
  /** The election timeout in force: longer than the option where timers and messages have lately been late. Milliseconds. */
  readonly electionTimeoutMs: number
  /** At a leader: what it knows of everyone else. Otherwise empty. */
  readonly followers: readonly FollowerStatus[]
}

export function statusOf(raft: RaftState): RaftStatus {
  const { log } = raft
  return {
    id: raft.id,
    role: raft.role,
    currentTerm: raft.currentTerm,
    votedFor: raft.votedFor,
    leader: raft.leader,
    firstIndex: log.snapshotIndex + 1,
    lastIndex: log.lastIndex,
    lastTerm: log.lastTerm,
    commitIndex: raft.commitIndex,
    lastApplied: raft.lastApplied,
    durableIndex: log.durableIndex,
    snapshotIndex: log.snapshotIndex,
    configuration: raft.configuration,
    configurationIndex: raft.configurations.index,
    transferringTo: raft.leadership?.transfer?.to,
    electionTimeoutMs: raft.patience.electionTimeoutMs(raft.now),
    followers: raft.leadership === undefined ? [] : followersOf(raft.leadership),
  }
}

function followersOf({ followers, dueIndex }: Leadership): FollowerStatus[] {
  return followers.map(progress => ({
    id: progress.id,
    state: progress.state,
    matchIndex: progress.matchIndex,
    nextIndex: progress.nextIndex,
    inflightMessages: progress.inflight.count,
    isCaughtUp: progress.state === 'replicate' && progress.matchIndex >= dueIndex,
    lastHeardAt: progress.lastHeardAt,
  }))
}
