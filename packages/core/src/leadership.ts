/** What a node has only while it leads (figure 2, "volatile state on leaders"), and loses when it stops. */
import type { NodeId } from './entry.ts'
import { Lease } from './lease.ts'
import { receivers } from './membership.ts'
import type { AppendEntriesResult, InstallSnapshotResult } from './messages.ts'
import { Progress } from './progress.ts'
import { type Raft, refuse } from './raft.ts'
import type { ReadBatch, ReadRequest } from './reads.ts'
import type { Transfer } from './transfer.ts'

/** Whatever counts as a copy of the log. */
export interface Replica {
  matchIndex: number
}

const absent: Replica = { matchIndex: 0 }

export class Leadership {
  /** Everyone else who receives the log. Few: found by walking. */
  followers: Progress[] = []
  /** This node counts itself only as far as its own disk is (dissertation §10.2.1). */
  readonly self: Replica
  /** The electorate of the configuration in force, by what is known of each. */
  voters: readonly Replica[] = []
  oldVoters: readonly Replica[] = []
  /** Counts up with every heartbeat and every round of reads; AppendEntries carry it and answers return it. */
  round = 1
  nextHeartbeatAt: number
  readonly startedAt: number
  readonly lease = new Lease()
  transfer: Transfer | undefined = undefined
  /** Reads that no round has been started for yet, and the round that is under way. */
  newReads: ReadRequest[] = []
  readBatch: ReadBatch | undefined = undefined

  private readonly raft: Raft

  constructor(raft: Raft) {
    this.raft = raft
    this.startedAt = raft.now
    this.self = { matchIndex: raft.log.durableIndex }
    this.nextHeartbeatAt = raft.now + raft.options.heartbeatIntervalMs
    this.adoptConfiguration()
  }

  get deadline(): number {
    return this.transfer === undefined ? this.nextHeartbeatAt : Math.min(this.nextHeartbeatAt, this.transfer.deadline)
  }

  /** Whatever is sent from now on carries a new number: its answers prove that this leader was heard since now. */
  beginRound(): void {
    this.round++
    if (this.raft.options.leaseReads) this.lease.roundBegan(this.round, this.raft)
  }

  follower(id: NodeId): Progress | undefined {
    for (const progress of this.followers) if (progress.id === id) return progress
    return undefined
  }

  /** Follows whoever the configuration in force names, keeping what is known of those who stay. */
  adoptConfiguration(): void {
    const { raft } = this
    const kept = this.followers
    // An answer to an earlier round is from before the change: it must not count for someone added by it.
    this.beginRound()
    this.followers = receivers(raft.configuration)
      .filter(id => id !== raft.id)
      .map(id => {
        const known = kept.find(progress => progress.id === id)
        return known ?? new Progress(id, raft.log.lastIndex + 1, this.round, raft.options)
      })
    const replicaOf = (id: NodeId): Replica => (id === raft.id ? this.self : (this.follower(id) ?? absent))
    this.voters = raft.configuration.voters.map(replicaOf)
    this.oldVoters = raft.configuration.oldVoters.map(replicaOf)
  }
}

/** Whom an answer is from, if it may be believed: then it has been heard from. Otherwise it is turned down. */
export function believedFollower(
  raft: Raft,
  result: AppendEntriesResult | InstallSnapshotResult,
): Progress | undefined {
  const { leadership } = raft
  if (leadership === undefined) return turnDown(raft, result, 'not the leader')
  if (result.term < raft.currentTerm) return turnDown(raft, result, 'stale term')
  const progress = leadership.follower(result.from)
  if (progress === undefined) return turnDown(raft, result, 'not a member')
  if (result.round < progress.firstRound) return turnDown(raft, result, 'from before it was added')
  if (result.round > leadership.round) return turnDown(raft, result, 'answers a round that has not begun')
  progress.lastHeardAt = raft.now
  return progress
}

function turnDown(raft: Raft, result: AppendEntriesResult | InstallSnapshotResult, reason: string): undefined {
  refuse(raft, result, reason)
  return undefined
}
