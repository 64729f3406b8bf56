/** Days for what days as drawn reach too rarely, or never. */
import { asDrawn, type DayKind, dayOfSomeKind } from '../ground/days.ts'
import type { Random } from '../ground/random.ts'
import { allMarks, type MarkName } from '../world/marks.ts'
import { type DrawnMix, drawDay, type Mix } from './swarm.ts'

type Kind = DayKind<DrawnMix, MarkName>

/** What makes a cluster go on without those that are cut off. */
const steadfast = { preVote: true, checkQuorum: true } as const

const some = <T>(random: Random, ...choices: readonly [T, ...T[]]): T => random.pick(choices) ?? choices[0]

export const kindsOfDays: readonly Kind[] = [
  {
    name: 'a deaf leader',
    of: (drawn, random) => ({
      ...drawn,
      voters: some(random, 3, 3, 5),
      raftOptions: { ...drawn.raftOptions, ...steadfast },
      faultWeights: { ...drawn.faultWeights, vanish: 0, rollBack: 0, flip: 0 },
      minorityStaysFaulty: true,
      leaderStaysDeaf: true,
    }),
    expects: ['leader stayed deaf'],
    within: 8,
  },
  {
    name: 'changes in peace',
    of: (drawn, random) => ({
      ...drawn,
      voters: some(random, 2, 3, 3, 5),
      raftOptions: { ...drawn.raftOptions, ...steadfast },
      minorityStaysFaulty: false,
      changesInPeace: true,
    }),
    expects: ['member demoted and promoted in peace'],
    within: 6,
  },
  {
    name: 'old snapshots',
    // They take many small steps over slow links, while everybody writes on.
    of: (drawn, random) => ({
      ...drawn,
      voters: some(random, 2, 3, 3),
      raftOptions: {
        ...drawn.raftOptions,
        snapshotChunkBytes: some(random, 7, 16),
        snapshotThresholdEntries: some(random, 10, 30),
        maxCatchUpBytes: 1,
        maxUncommittedBytes: 16 * 1024 * 1024,
      },
      network: { ...drawn.network, leastMs: drawn.heartbeatMs * 0.2, typicalMs: drawn.heartbeatMs * 0.1, loss: 0 },
      faultWeights: { ...drawn.faultWeights, crash: 2, cutOneWay: 1 },
      faultEveryMs: drawn.electionTimeoutMs * 3,
      clients: 5,
      thinkMs: drawn.heartbeatMs * 0.1,
      reads: 0,
      changeEveryMs: drawn.electionTimeoutMs * 3,
      compaction: true,
    }),
    expects: ['snapshot that was old when it arrived', 'snapshot installed over a log'],
    within: 60,
  },
  {
    name: 'snapshots over truncations',
    // What a new leader has replaced is still being deleted when the snapshot comes that replaces everything.
    of: (drawn, random) => ({
      ...drawn,
      voters: some(random, 3, 5),
      raftOptions: {
        ...drawn.raftOptions,
        maxEntriesPerMessage: some(random, 1, 2),
        maxInflightMessages: some(random, 8, 256),
        snapshotThresholdEntries: 3,
        snapshotChunkBytes: 64 * 1024,
        maxCatchUpBytes: 1,
      },
      disk: { ...drawn.disk, deletionStalls: 0.9 },
      faultWeights: { ...drawn.faultWeights, partition: 2, isolateLeader: 4, cutOneWay: 2 },
      faultEveryMs: drawn.electionTimeoutMs,
      faultLastsMs: drawn.electionTimeoutMs * some(random, 0.5, 1),
      clients: 5,
      thinkMs: drawn.heartbeatMs * some(random, 0.1, 0.5),
      burst: 0.05,
      compaction: true,
    }),
    expects: ['snapshot installed while a truncation is not durable'],
    within: 50,
  },
  {
    name: 'leaders that notice nothing',
    of: (drawn, random) => ({
      ...drawn,
      voters: some(random, 3, 5),
      raftOptions: { ...drawn.raftOptions, checkQuorum: false, leaseReads: false },
      faultWeights: { ...drawn.faultWeights, isolateLeader: 4, partition: 2 },
      faultEveryMs: drawn.electionTimeoutMs * 2,
      faultLastsMs: drawn.electionTimeoutMs * 2,
      thinkMs: drawn.heartbeatMs * 0.5,
    }),
    expects: ['deposed leader appends', 'log truncated', 'entry of an earlier term committed by a later one'],
    within: 30,
  },
  {
    name: 'changes that come to nothing',
    of: (drawn, random) => ({
      ...drawn,
      voters: some(random, 3, 5),
      faultWeights: { ...drawn.faultWeights, isolateLeader: 4, crashLeader: 2 },
      faultEveryMs: drawn.electionTimeoutMs * 2,
      faultLastsMs: drawn.electionTimeoutMs * 2,
      changeEveryMs: drawn.electionTimeoutMs / 4,
    }),
    expects: [
      'configuration rolled back',
      'leader crashed in a joint configuration',
      'removed member added again',
      'leader removed itself',
    ],
    within: 50,
  },
  {
    name: 'slow disks',
    of: (drawn, random) => ({
      ...drawn,
      voters: some(random, 2, 3, 5),
      raftOptions: { ...drawn.raftOptions, maxInflightMessages: 256, maxUncommittedBytes: 16 * 1024 * 1024 },
      disk: { ...drawn.disk, typicalMs: drawn.heartbeatMs * some(random, 1, 2) },
      faultWeights: { ...drawn.faultWeights, crash: 4, crashLeader: 4, fuse: 2 },
      faultEveryMs: drawn.electionTimeoutMs * some(random, 1.5, 3),
      thinkMs: drawn.heartbeatMs * 0.1,
      clients: 5,
    }),
    expects: ['crash lost a unit', 'crash kept some units and lost others', 'unit slower than an election timeout'],
    within: 16,
  },
  {
    name: 'lying disks',
    of: drawn => ({
      ...drawn,
      voters: 5,
      faultWeights: { ...drawn.faultWeights, flip: 4, rollBack: 2, crash: 2 },
      faultEveryMs: drawn.electionTimeoutMs,
      compaction: true,
    }),
    expects: [
      'flipped bit noticed',
      'flipped bit written over',
      'older copy of a disk noticed by its owner',
      'older copy of a disk kept from starting',
      'older copy of a disk that breaks no promise',
    ],
    within: 50,
  },
  {
    name: 'leases',
    of: (drawn, random) => ({
      ...drawn,
      voters: some(random, 2, 3, 5),
      raftOptions: {
        ...drawn.raftOptions,
        checkQuorum: true,
        leaseReads: true,
        clock: 'bounded-drift',
        clockDriftBound: some(random, 1.1, 1.5, 2),
      },
      // Clocks that are declared safe do not jump.
      faultWeights: {
        ...drawn.faultWeights,
        jump: 0,
        skew: 1,
        isolateLeader: 2,
        freeze: 1,
        restartBesideCandidate: 1,
        crash: 1,
      },
      faultEveryMs: drawn.electionTimeoutMs * some(random, 1, 3),
      reads: 0.5,
      transferEveryMs: drawn.electionTimeoutMs * 4,
    }),
    expects: ['read answered by a lease', 'voter started again beside a candidate', 'leader frozen'],
    within: 40,
  },
]

export function drawMix(random: Random): Mix {
  return dayOfSomeKind(random.fork('day'), drawDay(random), kindsOfDays)
}

const rare: readonly MarkName[] = kindsOfDays.flatMap(({ expects }) => expects)

/** Days as drawn reach all the others. */
export const ordinaryDays: Pick<Kind, 'name' | 'expects' | 'within'> = {
  name: asDrawn,
  expects: allMarks.filter(mark => !rare.includes(mark)),
  within: 150,
}
