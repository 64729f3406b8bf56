/**
 * What kind of bad day a seed stands for: sizes, tunings, and which faults at what rate.
 *
 * Each seed leaves most features out and overdoes some (swarm testing): a mix of everything at once hides what only
 * shows when, say, nothing but crashes happens, or when nothing is ever lost.
 *
 * All times are in heartbeats or election timeouts of the mix itself, so that a run is as rich at any scale.
 */
import type { RaftOptions } from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import type { NetworkConditions } from '../world/network.ts'

export const faultKinds = [
  'crash',
  'crashLeader',
  'crashEverybody',
  'fuse',
  'partition',
  'isolateLeader',
  'cutOneWay',
  'bridge',
  'filter',
  'clog',
  'slowDisk',
  'freeze',
  'starve',
  'jump',
  'skew',
  'coalesce',
  'vanish',
  'failDisk',
  'fillDisk',
  'rollBack',
  'flip',
  'restartBesideCandidate',
] as const

export type FaultKind = (typeof faultKinds)[number]

/** What a seed draws first. */
export interface DrawnMix {
  /** Voters at the start. */
  readonly voters: number
  readonly raftOptions: Partial<RaftOptions>
  readonly electionTimeoutMs: number
  readonly heartbeatMs: number
  readonly network: NetworkConditions
  readonly disk: {
    readonly leastMs: number
    readonly typicalMs: number
    /** That a unit which deletes takes as long as some elections: what comes meanwhile finds it not durable yet. */
    readonly deletionStalls: number
  }
  /** Mean time from one fault to the next; Infinity for none. */
  readonly faultEveryMs: number
  readonly faultWeights: Readonly<Record<FaultKind, number>>
  /** How long what a fault does typically lasts. */
  readonly faultLastsMs: number
  readonly clients: number
  readonly thinkMs: number
  readonly reads: number
  readonly burst: number
  readonly padding: number
  /** That an input is stepped without draining, and drained with a later one. */
  readonly batching: number
  readonly changeEveryMs: number
  readonly transferEveryMs: number
  /** Hosts compact when told to, and now and then unasked. */
  readonly compaction: boolean
  /** How long faults go on. */
  readonly faultsMs: number
  /** After the faults, a minority stays crashed, cut off one way or slow. */
  readonly minorityStaysFaulty: boolean
  /** It is the leader, and from then on it hears nobody. */
  readonly leaderStaysDeaf: boolean
  /** When all is well again, a member is demoted and made a voter again: nobody may lose the leader over that. */
  readonly changesInPeace: boolean
}

export interface Mix extends DrawnMix {
  /** The kind of day (`kinds-of-days.ts`). */
  readonly day: string
}

export function drawDay(random: Random): DrawnMix {
  const some = <T>(...choices: readonly [T, ...T[]]): T => random.pick(choices) ?? choices[0]
  const apart = random.fork('catching up')
  const electionTimeoutMs = some(150, 500, 1000, 3000)
  const heartbeatMs = electionTimeoutMs / some(2.5, 5, 5, 10)
  const ordered = random.chance(0.4)
  const checkQuorum = random.chance(0.7)
  // Leases are for clocks that are declared safe, so these days' clocks are: they drift within the bound and never jump.
  const leaseReads = checkQuorum && random.chance(0.25)
  const faultWeights = { ...drawWeights(random), restartBesideCandidate: apart.chance(0.3) ? apart.between(0.1, 1) : 0 }
  return {
    voters: some(1, 2, 3, 3, 3, 3, 4, 5, 5, 5, 7),
    electionTimeoutMs,
    heartbeatMs,
    raftOptions: {
      electionTimeoutMs,
      electionTimeoutStretch: some(1, 4, 8, 8),
      heartbeatIntervalMs: heartbeatMs,
      preVote: random.chance(0.7),
      checkQuorum,
      ...(leaseReads ? { leaseReads, clock: 'bounded-drift', clockDriftBound: some(1.1, 1.5, 2) } : {}),
      maxEntriesPerMessage: some(1, 2, 5, 64, 1024),
      maxBytesPerMessage: some(64, 256, 64 * 1024),
      maxInflightMessages: some(1, 2, 8, 256),
      maxInflightBytes: some(100, 1000, 1024 * 1024),
      maxUncommittedBytes: some(200, 2000, 16 * 1024 * 1024),
      snapshotChunkBytes: some(1, 7, 10, 16, 64 * 1024),
      snapshotThresholdEntries: some(3, 10, 30, 100),
      snapshotThresholdBytes: some(500, 16 * 1024 * 1024),
      // Drawn apart: so the seeds stay the days that they were.
      maxCatchUpBytes: apart.pick([1, 1, 300]) ?? 1,
      maxPendingReads: apart.pick([1, 10_000]) ?? 1,
    },
    network: {
      leastMs: heartbeatMs * some(0, 0.01, 0.1),
      typicalMs: heartbeatMs * some(0.01, 0.05, 0.1, 0.3),
      loss: some(0, 0, 0.01, 0.05, 0.2),
      duplication: some(0, 0, 0.02, 0.2),
      replay: some(0, 0, 0.01, 0.05),
      replayWithinMs: 6 * electionTimeoutMs,
      ordered,
    },
    disk: {
      leastMs: heartbeatMs * some(0, 0.01),
      typicalMs: heartbeatMs * some(0, 0.02, 0.1, 0.5),
      deletionStalls: some(0, 0, 0.5),
    },
    faultEveryMs: electionTimeoutMs * some(0.3, 0.7, 1.5, 3, 3, 1e9),
    faultWeights: leaseReads ? { ...faultWeights, jump: 0 } : faultWeights,
    faultLastsMs: electionTimeoutMs * some(0.3, 1, 2, 4),
    clients: some(1, 2, 3, 5),
    thinkMs: heartbeatMs * some(0.1, 0.5, 1, 3),
    reads: some(0, 0.2, 0.5),
    burst: some(0, 0, 0.05),
    padding: some(0, 0, 30, 200),
    batching: some(0, 0, 0.2),
    changeEveryMs: electionTimeoutMs * some(1, 3, 1e9, 1e9),
    transferEveryMs: electionTimeoutMs * some(2, 5, 1e9, 1e9),
    compaction: random.chance(0.6),
    faultsMs: electionTimeoutMs * random.between(10, 30),
    minorityStaysFaulty: random.chance(0.4),
    leaderStaysDeaf: false,
    changesInPeace: false,
  }
}

/** Those that were always there; what came later is drawn apart. */
function drawWeights(random: Random): Omit<Mix['faultWeights'], 'restartBesideCandidate'> {
  const weight = (most: number): number => (random.chance(0.5) ? 0 : random.between(0.1, 1) * most)
  return {
    crash: weight(2),
    crashLeader: weight(2),
    crashEverybody: weight(0.5),
    fuse: weight(2),
    partition: weight(2),
    isolateLeader: weight(2),
    cutOneWay: weight(2),
    bridge: weight(1),
    filter: weight(1),
    clog: weight(1),
    slowDisk: weight(1),
    freeze: weight(1),
    starve: weight(1),
    jump: weight(1),
    skew: weight(1),
    coalesce: weight(0.5),
    vanish: weight(0.5),
    failDisk: weight(1),
    fillDisk: weight(1),
    rollBack: weight(0.5),
    flip: weight(0.5),
  }
}
