/** What a node has only while it leads (figure 2, "volatile state on leaders"), and loses when it stops. */
import { Lease } from './lease.ts'
import { type Configuration, type NodeId, receivers } from './membership.ts'
import type { RaftOptions } from './options.ts'
import { Progress } from './progress.ts'
import { jointVoteResult } from './quorum.ts'

/** Whatever counts as a copy of the log: a follower, or the leader itself. */
export interface Replica {
  matchIndex: number
  /** The greatest round answered: it heard this leader after that round began. */
  ackedRound: number
  lastHeardAt: number | undefined
  /** Since when this leader expects to hear from it: a voter that is new has had no time yet, nor has anyone while the leader was late. */
  awaitedSince: number
}

const absent: Replica = { matchIndex: 0, ackedRound: 0, lastHeardAt: undefined, awaitedSince: Number.NEGATIVE_INFINITY }

/** A read at the leader, of its own host or of another node. */
export interface ReadRequest {
  readonly from: NodeId
  readonly id: number
  readonly deadline: number
}

/** The reads that wait for one round, and the index they will be answered from. */
export interface ReadBatch {
  readonly round: number
  readonly index: number
  /** Oldest first. */
  requests: readonly ReadRequest[]
}

/** Leadership being handed over (dissertation §3.10). */
export interface Transfer {
  readonly to: NodeId
  /** TimeoutNow follows right behind the entries, whether they arrived or not. */
  readonly atOnce: boolean
  /** "If leadership transfer does not complete after about an election timeout, the prior leader aborts the transfer." */
  readonly deadline: number
  timeoutNowSent: boolean
}

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
  /** How long the log was at each heartbeat of the last election timeout, and at the one before; oldest first. */
  private readonly lengths: { readonly at: number; readonly lastIndex: number }[] = []
  transfer: Transfer | undefined = undefined
  /** Reads that no round has been started for yet, oldest first, and the round that is under way. */
  newReads: ReadRequest[] = []
  readBatch: ReadBatch | undefined = undefined
  readonly lease: Lease | undefined

  private readonly id: NodeId
  private readonly options: RaftOptions

  constructor(id: NodeId, options: RaftOptions, durableIndex: number, now: number) {
    this.id = id
    this.options = options
    this.self = {
      matchIndex: durableIndex,
      ackedRound: Number.POSITIVE_INFINITY,
      lastHeardAt: now,
      awaitedSince: now,
    }
    this.nextHeartbeatAt = now + options.heartbeatIntervalMs
    this.lease = options.leaseReads ? new Lease(options) : undefined
  }

  get deadline(): number {
    return this.transfer === undefined ? this.nextHeartbeatAt : Math.min(this.nextHeartbeatAt, this.transfer.deadline)
  }

  /** At each heartbeat. */
  measure(lastIndex: number, now: number): void {
    const { lengths } = this
    lengths.push({ at: now, lastIndex })
    while (lengths[1] !== undefined && now - lengths[1].at >= this.options.electionTimeoutMs) lengths.shift()
  }

  /** Whoever keeps up has as much: what the log held an election timeout ago, or when this leader began. */
  get dueIndex(): number {
    return this.lengths[0]?.lastIndex ?? 0
  }

  /** Whatever is sent from now on carries a new number: its answers prove that this leader was heard since now. */
  beginRound(now: number): void {
    this.round++
    this.lease?.roundBegan(this.round, now)
  }

  follower(id: NodeId): Progress | undefined {
    for (const progress of this.followers) if (progress.id === id) return progress
    return undefined
  }

  /** Whether it holds of a majority, this node being one of those it holds of. */
  hasMajority(holds: (replica: Replica) => boolean): boolean {
    return jointVoteResult(this, replica => replica === this.self || holds(replica) || undefined) === 'won'
  }

  /** Whether a majority elects nobody else yet (dissertation §6.4.1). */
  holdsLease(now: number): boolean {
    const { lease } = this
    return lease !== undefined && this.hasMajority(({ ackedRound }) => lease.isCoveredBy(ackedRound, now))
  }

  /** Follows whoever `configuration`, now in force, names, keeping what is known of those who stay. */
  adoptConfiguration(configuration: Configuration, lastIndex: number, now: number): void {
    const kept = this.followers
    // An answer to an earlier round is from before the change: it must not count for someone added by it.
    this.beginRound(now)
    this.followers = receivers(configuration)
      .filter(id => id !== this.id)
      .map(id => {
        const known = kept.find(progress => progress.id === id)
        return known ?? new Progress(id, lastIndex + 1, this.round, this.options)
      })
    const replicaOf = (id: NodeId): Replica => (id === this.id ? this.self : (this.follower(id) ?? absent))
    const before = new Set([...this.voters, ...this.oldVoters])
    this.voters = configuration.voters.map(replicaOf)
    this.oldVoters = configuration.oldVoters.map(replicaOf)
    for (const voter of this.followers) {
      const isVoter = this.voters.includes(voter) || this.oldVoters.includes(voter)
      if (isVoter && !before.has(voter)) voter.awaitedSince = now
    }
  }
}
