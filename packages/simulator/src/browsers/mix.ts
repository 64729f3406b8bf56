/** What kind of bad day a seed stands for, with whole browsers: sizes, tunings, and which faults at what rate. As ../runtime/mix.ts. */
import type { AutopilotOptions } from '@flotilla/cluster'
import type { RaftOptions } from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import type { DiskConditions } from '../runtime/device.ts'
import type { NetworkConditions } from '../runtime/room-network.ts'

export const browserFaults = [
  'crashTab',
  'closeTab',
  'leaveRoom',
  'reload',
  'openTab',
  'freezeTab',
  'freezeBrowser',
  'killWorker',
  'hangWorker',
  'killBrowser',
  'killEverybody',
  'fuse',
  'outboxFull',
  'diskFails',
  'slowDisk',
  'standingDisk',
  'wipe',
  'slowPorts',
  'partition',
  'isolateLeader',
  'cutOneWay',
  'breakLinks',
  'offline',
  'jump',
  'skew',
  'coalesce',
  'hide',
] as const

export type BrowserFault = (typeof browserFaults)[number]

/** What a seed draws first. */
export interface DrawnBrowsersMix {
  readonly browsers: number
  /** Most tabs of each. */
  readonly tabs: number
  /** Where channels cannot be handed to a worker, nodes run in their pages. By browser. */
  readonly inWorkers: readonly boolean[]
  readonly electionTimeoutMs: number
  readonly raft: Partial<RaftOptions>
  readonly autopilot: Partial<AutopilotOptions>
  readonly network: NetworkConditions
  readonly disk: DiskConditions
  /** Mean time of a message within a browser. */
  readonly portMs: number
  readonly faultEveryMs: number
  readonly faultWeights: Readonly<Record<BrowserFault, number>>
  readonly faultLastsMs: number
  readonly thinkMs: number
  /** How long faults go on. */
  readonly faultsMs: number
  /** Halfway all machines sleep for so long that sessions end. */
  readonly hasNight: boolean
  /** As of `ClusterOptions`. */
  readonly maxSessions: number
}

export interface BrowsersMix extends DrawnBrowsersMix {
  /** The kind of day (`kinds-of-days.ts`). */
  readonly day: string
}

export const mostBrowsers = 4

export function drawDay(random: Random): DrawnBrowsersMix {
  const some = <T>(...choices: readonly [T, ...T[]]): T => random.pick(choices) ?? choices[0]
  const electionTimeoutMs = some(300, 750, 1500)
  const weight = (most: number): number => (random.chance(0.45) ? 0 : random.between(0.1, 1) * most)
  const maxVoters = some(1, 3, 3, 5)
  return {
    browsers: some(1, 2, 2, 3, 3, mostBrowsers),
    tabs: some(1, 2, 2, 3, 4),
    inWorkers: Array.from({ length: mostBrowsers }, () => random.chance(0.8)),
    electionTimeoutMs,
    raft: {
      electionTimeoutMs,
      heartbeatIntervalMs: electionTimeoutMs / some(3, 5),
      maxEntriesPerMessage: some(1, 64, 1024),
      snapshotThresholdEntries: some(3, 10, 40, 10_000),
      snapshotChunkBytes: some(100, 64 * 1024),
    },
    autopilot: { maxVoters, minVoters: 1, awayAfterMs: some(0, 2_000, 5_000), deadAfterMs: some(10, 40) * 750 },
    network: {
      leastMs: some(0, 1, 10),
      typicalMs: some(0.5, 3, 10),
      loss: some(0, 0, 0.01, 0.05),
      duplication: some(0, 0, 0.05),
      lies: random.fork('signaling').pick([0, 0, 0, 0.2, 0.6]) ?? 0,
    },
    disk: { leastMs: some(0, 1, 5), typicalMs: some(0, 2, 10) },
    portMs: some(0.1, 0.5, 5, 50),
    faultEveryMs: some(40, 100, 100, 200, 200, 400, 1e9),
    faultWeights: {
      crashTab: weight(2),
      closeTab: weight(2),
      leaveRoom: weight(1),
      reload: weight(3),
      openTab: weight(2),
      freezeTab: weight(3),
      freezeBrowser: weight(1),
      killWorker: weight(2),
      hangWorker: weight(1),
      killBrowser: weight(1),
      killEverybody: weight(0.3),
      fuse: weight(3),
      outboxFull: weight(1),
      diskFails: weight(1),
      slowDisk: weight(1),
      standingDisk: weight(1),
      wipe: weight(0.5),
      slowPorts: weight(1),
      partition: weight(1),
      isolateLeader: weight(1),
      cutOneWay: weight(1),
      breakLinks: weight(1),
      offline: weight(2),
      jump: weight(0.7),
      skew: weight(0.5),
      coalesce: weight(0.5),
      hide: weight(0.5),
    },
    faultLastsMs: some(300, 1_000, 3_000),
    thinkMs: some(50, 200, 500),
    faultsMs: random.between(8_000, 30_000),
    // A minute of short heartbeats would be longer than everything else together.
    hasNight: random.chance(0.4) && electionTimeoutMs >= 750,
    maxSessions: 1024,
  }
}
