/** What kind of bad day a seed stands for, with real nodes: sizes, tunings, and which faults at what rate. As in ../driver/swarm.ts. */
import type { AutopilotOptions } from '@flotilla/cluster'
import type { RaftOptions } from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import type { DiskConditions } from './device.ts'
import type { NetworkConditions } from './room-network.ts'

export const faultKinds = [
  'crash',
  'kill',
  'killEverybody',
  'fuse',
  'powerCut',
  'diskFails',
  'vanish',
  'damage',
  'relay',
  'slowDisk',
  'standingDisk',
  'muteMachine',
  'partition',
  'isolateLeader',
  'cutOneWay',
  'breakLinks',
  'freeze',
  'jump',
  'skew',
  'coalesce',
  'leave',
  'goodbye',
  'hide',
  'resume',
] as const

export type FaultKind = (typeof faultKinds)[number]

export const requestKinds = ['transfer', 'resign', 'remove', 'demote', 'promote', 'typo', 'quit'] as const

export type RequestKind = (typeof requestKinds)[number]

/** What a seed draws first. */
export interface DrawnRuntimeMix {
  /** Tabs of the first moment, and those that come later. */
  readonly tabs: number
  readonly latecomers: number
  /** So many of them share a browser, and with it its disks. */
  readonly tabsPerDevice: number
  /** So many of them, after the first, are there whether or not anybody has a page open (`isLasting`). */
  readonly lasting: number
  /** Clients on the wire that are no nodes. */
  readonly remoteClients: number
  /** Pages whose node runs elsewhere. */
  readonly portClients: number
  readonly electionTimeoutMs: number
  readonly raft: Partial<RaftOptions>
  readonly autopilot: Partial<AutopilotOptions>
  readonly network: NetworkConditions
  readonly disk: DiskConditions
  readonly faultEveryMs: number
  readonly faultWeights: Readonly<Record<FaultKind, number>>
  readonly faultLastsMs: number
  /** Mean time from one request of a leader to the next (`requestKinds`). */
  readonly requestEveryMs: number
  readonly thinkMs: number
  readonly reads: number
  /** That a client asks for many things at once. */
  readonly burst: number
  readonly padding: number
  readonly timeoutMs: number
  /** How long faults go on. */
  readonly faultsMs: number
  /** Halfway all machines sleep, for so long that sessions are taken for abandoned, and nobody asks for anything. */
  readonly hasNight: boolean
  /** Somebody makes another cluster by the same room's name. */
  readonly hasNeighbour: boolean
  /** The first tab speaks of terms that nobody has reached. */
  readonly hasPoisoner: boolean
  /** As of `ClusterOptions`, both. */
  readonly digestEveryEntries: number
  readonly maxSessions: number
  /** The machine has too much to do: each page waits up to so long for its turn. 0 for not at all. */
  readonly turnsWithinMs: number
  /** After the faults, a minority stays closed, crashed, frozen or cut off. */
  readonly minorityStaysFaulty: boolean
  /** The leader is one of them, and hears nobody any more. */
  readonly leaderStaysDeaf: boolean
  /** Clocks are off by no more than this: the square root of it either way. */
  readonly clockDriftBound: number
  /** That one more copy of what a client on the wire sends comes very late. */
  readonly lateFrames: number
}

export interface RuntimeMix extends DrawnRuntimeMix {
  /** The kind of day (`kinds-of-days.ts`). */
  readonly day: string
}

export function drawDay(random: Random): DrawnRuntimeMix {
  const some = <T>(...choices: readonly [T, ...T[]]): T => random.pick(choices) ?? choices[0]
  const electionTimeoutMs = some(150, 300, 750, 750, 1500)
  const heartbeatIntervalMs = electionTimeoutMs / some(3, 5, 7.5)
  const maxVoters = some(1, 3, 3, 5)
  const tabsPerDevice = some(1, 1, 1, 2, 3)
  // From a stream of its own, so that all else is as it was.
  const apart = random.fork('apart')
  const weight = (most: number): number => (random.chance(0.55) ? 0 : random.between(0.1, 1) * most)
  return {
    tabs: some(1, 2, 3, 3, 3, 4, 5),
    latecomers: some(0, 0, 1, 2),
    tabsPerDevice,
    lasting: random.fork('lasting').pick([0, 0, 0, 1, 2, 3]) ?? 0,
    remoteClients: some(0, 0, 1, 2),
    portClients: some(0, 0, 1, 2),
    electionTimeoutMs,
    raft: {
      electionTimeoutMs,
      heartbeatIntervalMs,
      preVote: random.chance(0.8),
      maxEntriesPerMessage: some(1, 3, 64, 1024),
      maxInflightMessages: some(1, 4, 256),
      maxUncommittedBytes: some(100, 300, 16 * 1024 * 1024, 16 * 1024 * 1024),
      snapshotChunkBytes: some(10, 100, 64 * 1024),
      snapshotThresholdEntries: some(3, 10, 40, 10_000),
    },
    autopilot: {
      maxVoters,
      minVoters: Math.min(maxVoters, some(1, 1, 1, 2)),
      awayAfterMs: some(0, 2_000, 5_000),
      deadAfterMs: some(4, 10, 40) * electionTimeoutMs,
    },
    network: {
      leastMs: some(0, 1, 10),
      typicalMs: some(0.5, 3, 10, 40),
      loss: some(0, 0, 0.01, 0.05, 0.2),
      duplication: some(0, 0, 0.05),
      apart: apart.pick([0, 0, 0, 0.3, 0.7]) ?? 0,
      serverCarries: apart.chance(0.4),
      lies: random.fork('signaling').pick([0, 0, 0, 0.2, 0.6]) ?? 0,
    },
    disk: { leastMs: some(0, 1, 5), typicalMs: some(0, 2, 10, 60) },
    faultEveryMs: electionTimeoutMs * some(0.5, 1, 2, 4, 1e9),
    faultWeights: {
      crash: weight(2),
      kill: weight(2),
      killEverybody: weight(0.5),
      fuse: weight(2),
      powerCut: weight(1),
      diskFails: weight(1),
      vanish: weight(1.5),
      damage: weight(1),
      relay: tabsPerDevice > 1 ? weight(2) : 0,
      slowDisk: weight(1),
      standingDisk: weight(1),
      muteMachine: weight(1),
      partition: weight(2),
      isolateLeader: weight(2),
      cutOneWay: weight(2),
      breakLinks: weight(2),
      freeze: weight(2),
      jump: weight(0.5),
      skew: weight(0.5),
      coalesce: weight(0.5),
      leave: weight(2),
      goodbye: weight(1),
      hide: weight(1),
      resume: weight(0.5),
    },
    faultLastsMs: electionTimeoutMs * some(0.3, 1, 2, 5),
    requestEveryMs: electionTimeoutMs * some(2, 5, 1e9),
    thinkMs: some(5, 30, 100, 300),
    reads: some(0.1, 0.4, 0.7),
    burst: some(0, 0, 0.05),
    padding: some(0, 0, 30, 200),
    timeoutMs: some(300, 2_000, 10_000),
    faultsMs: electionTimeoutMs * random.between(15, 50),
    // A minute of short heartbeats would be longer than everything else together.
    hasNight: random.chance(0.2) && electionTimeoutMs >= 750,
    turnsWithinMs: electionTimeoutMs * some(0, 0, 0, 0, 0, 0.5, 1, 2),
    // Whoever is gone from a shared browser leaves its disk to the others, and who is needed cannot be told from the disks.
    minorityStaysFaulty: random.chance(0.4) && tabsPerDevice === 1,
    hasNeighbour: random.chance(0.15),
    hasPoisoner: random.fork('poisoner').chance(0.1),
    digestEveryEntries: random.fork('digests').pick([1, 1, 5, 40]) ?? 1,
    maxSessions: 1024,
    leaderStaysDeaf: false,
    clockDriftBound: 4,
    lateFrames: 0,
  }
}
