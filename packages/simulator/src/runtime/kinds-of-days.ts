/** Days of rooms for what days as drawn reach too rarely, or never. As ../driver/kinds-of-days.ts. */
import { asDrawn, type DayKind, dayOfSomeKind } from '../ground/days.ts'
import type { Random } from '../ground/random.ts'
import { type RuntimeMarkName, runtimeMarks } from './marks.ts'
import { type DrawnRuntimeMix, drawDay, type FaultKind, faultKinds, type RuntimeMix } from './mix.ts'

type Kind = DayKind<DrawnRuntimeMix, RuntimeMarkName>

const some = <T>(random: Random, ...choices: readonly [T, ...T[]]): T => random.pick(choices) ?? choices[0]

/** Nothing else goes wrong. */
function only({ faultWeights }: DrawnRuntimeMix, kind: FaultKind): DrawnRuntimeMix['faultWeights'] {
  return { ...faultWeights, ...Object.fromEntries(faultKinds.map(other => [other, other === kind ? 1 : 0])) }
}

export const kindsOfDays: readonly Kind[] = [
  {
    name: 'few sessions',
    // More clients than the room remembers, at every node and none.
    of: (drawn, random) => ({
      ...drawn,
      tabs: some(random, 3, 4),
      remoteClients: 2,
      portClients: some(random, 1, 2),
      maxSessions: some(random, 3, 4, 5),
      thinkMs: some(random, 100, 300),
      reads: 0.3,
      digestEveryEntries: 1,
    }),
    expects: [
      'session ended to make room',
      'command of an ended session',
      'node told that its session ended',
      'remote client told that its session ended',
    ],
    within: 25,
  },
  {
    name: 'leases',
    of: (drawn, random) => {
      const clockDriftBound = some(random, 1.1, 1.5, 2)
      return {
        ...drawn,
        tabs: some(random, 3, 4),
        raft: {
          ...drawn.raft,
          checkQuorum: true,
          leaseReads: true,
          clock: 'bounded-drift',
          clockDriftBound,
        },
        clockDriftBound,
        // Clocks that are declared safe do not jump.
        faultWeights: { ...drawn.faultWeights, jump: 0, skew: 1, isolateLeader: 2, freeze: 1, kill: 1 },
        hasNight: false,
        reads: 0.7,
      }
    },
    expects: ['read answered by a lease'],
    within: 8,
  },
  {
    name: 'late frames',
    of: (drawn, random) => ({
      ...drawn,
      remoteClients: some(random, 2, 3),
      thinkMs: some(random, 5, 30),
      lateFrames: 0.3,
    }),
    expects: ['command that came very late', 'retry told the first answer'],
    within: 10,
  },
  {
    name: 'old snapshots',
    // They take many small steps over slow links, while everybody writes on.
    of: (drawn, random) => ({
      ...drawn,
      tabs: some(random, 2, 3),
      latecomers: 2,
      raft: {
        ...drawn.raft,
        maxUncommittedBytes: 16 * 1024 * 1024,
        maxCatchUpBytes: 1,
        snapshotChunkBytes: 100,
        snapshotThresholdEntries: some(random, 10, 40),
      },
      // A round trip is still far shorter than an election timeout: a follower's read is two of them.
      network: { ...drawn.network, leastMs: drawn.electionTimeoutMs * 0.03, typicalMs: 3, loss: 0, apart: 0 },
      thinkMs: 30,
      reads: 0.1,
    }),
    expects: ['snapshot that was old when it arrived', 'snapshot installed at a joiner'],
    within: 10,
  },
  {
    name: 'a deaf leader',
    of: (drawn, random) => ({
      ...drawn,
      tabs: some(random, 3, 5),
      latecomers: 0,
      tabsPerDevice: 1,
      lasting: 0,
      raft: { ...drawn.raft, preVote: true },
      autopilot: { ...drawn.autopilot, maxVoters: 5 },
      faultWeights: { ...drawn.faultWeights, relay: 0, vanish: 0, damage: 0 },
      faultEveryMs: drawn.electionTimeoutMs * some(random, 2, 4),
      hasNight: false,
      minorityStaysFaulty: true,
      leaderStaysDeaf: true,
    }),
    expects: ['converged though a leader stayed deaf', 'converged though a leader stayed faulty'],
    within: 14,
  },
  {
    name: 'long freezes',
    of: (drawn, random) => ({
      ...drawn,
      tabs: some(random, 3, 4),
      autopilot: { ...drawn.autopilot, maxVoters: 3, awayAfterMs: 5_000 },
      faultEveryMs: drawn.electionTimeoutMs * 6,
      faultLastsMs: drawn.electionTimeoutMs * some(random, 4, 8),
      faultWeights: only(drawn, 'freeze'),
      faultsMs: drawn.electionTimeoutMs * 60,
    }),
    expects: ['thawed as the leader', 'thawed as the leader of an earlier term'],
    within: 30,
  },
  {
    name: 'tabs that relieve each other',
    of: (drawn, random) => ({
      ...drawn,
      tabs: some(random, 2, 4),
      latecomers: 0,
      tabsPerDevice: 2,
      lasting: 0,
      network: { ...drawn.network, typicalMs: drawn.electionTimeoutMs * 0.03 },
      faultEveryMs: drawn.electionTimeoutMs * 4,
      faultWeights: { ...drawn.faultWeights, relay: 12 },
      minorityStaysFaulty: false,
    }),
    expects: ['tab became another node', 'tab stood in for a voter that had left'],
    within: 40,
  },
  {
    name: 'changes that come to nothing',
    of: (drawn, random) => ({
      ...drawn,
      tabs: some(random, 3, 4),
      autopilot: { ...drawn.autopilot, maxVoters: 5, minVoters: 3, awayAfterMs: 5_000 },
      faultWeights: only(drawn, 'isolateLeader'),
      faultEveryMs: drawn.electionTimeoutMs * 4,
      faultLastsMs: drawn.electionTimeoutMs * 2,
      // Whoever is cut off leads on for as long as nobody tells it of another.
      raft: { ...drawn.raft, checkQuorum: false },
      minorityStaysFaulty: false,
      hasNight: false,
      faultsMs: drawn.electionTimeoutMs * 60,
      requestEveryMs: drawn.electionTimeoutMs * 0.7,
    }),
    expects: ['configuration rolled back'],
    within: 40,
  },
]

export function drawRuntimeMix(random: Random): RuntimeMix {
  return dayOfSomeKind(random.fork('day'), drawDay(random), kindsOfDays)
}

const rare: readonly RuntimeMarkName[] = kindsOfDays.flatMap(({ expects }) => expects)

/** Days as drawn reach all the others. */
export const ordinaryDays: Pick<Kind, 'name' | 'expects' | 'within'> = {
  name: asDrawn,
  expects: runtimeMarks.filter(mark => !rare.includes(mark)),
  within: 400,
}
