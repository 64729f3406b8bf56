/** Known mistakes in reading without writing to the log. */
import type { Mix } from '../driver/swarm.ts'
import { type PlantedBug, patch } from './bug.ts'
import { clocksJump } from './host-bugs.ts'

/** Clocks that may be trusted, and leaders that read by them. */
const leases = (drawn: Mix): Mix => ({
  ...drawn,
  voters: Math.max(3, drawn.voters),
  raftOptions: {
    ...drawn.raftOptions,
    checkQuorum: true,
    leaseReads: true,
    clock: 'bounded-drift',
    clockDriftBound: 1.1,
  },
  faultWeights: { ...drawn.faultWeights, jump: 0 },
  reads: 0.5,
})

export const readBugs: readonly PlantedBug[] = [
  {
    number: 40,
    name: 'a leader reads locally without asking a quorum',
    source: 'etcd#741',
    patches: [
      patch('reads.ts', '  if (!leadership.hasMajority(({ ackedRound }) => ackedRound >= batch.round)) return\n', ''),
    ],
    caughtBy: ['Read Rounds', 'Linearizable Reads'],
  },
  {
    number: 41,
    name: 'ReadIndex before an own-term commit',
    source: 'etcd#7331',
    patches: [
      patch(
        'reads.ts',
        '  if (raft.log.termAt(raft.commitIndex) !== raft.currentTerm) return false\n  if (leadership.holdsLease',
        '  if (leadership.holdsLease',
      ),
    ],
    caughtBy: ['Linearizable Reads'],
  },
  {
    number: 42,
    name: 'a lease measured by a clock that stops or jumps',
    source: 'jraft#24, #26',
    patches: [],
    // Core keeps no lease that its host has not vouched for; the mistake is to vouch for such clocks.
    mix: drawn => ({
      ...drawn,
      voters: 3,
      raftOptions: {
        ...drawn.raftOptions,
        checkQuorum: true,
        leaseReads: true,
        clock: 'bounded-drift',
        clockDriftBound: 1.1,
        // Clocks that jump look like a machine that starves.
        electionTimeoutStretch: 1,
      },
      clients: 5,
      reads: 0.5,
    }),
    sabotage: clocksJump,
    caughtBy: ['Lease Exclusion', 'Linearizable Reads'],
  },
  {
    number: 65,
    name: 'answers a read by a round that began before it',
    source: 'etcd#20418',
    patches: [
      patch(
        'reads.ts',
        '  newReads.push(request)\n',
        '  if (readBatch === undefined) newReads.push(request)\n  else readBatch.requests = [...readBatch.requests, request]\n',
      ),
    ],
    caughtBy: ['Read Rounds', 'Linearizable Reads'],
  },
  {
    number: 66,
    name: 'asks the majority of one of two configurations whether it still leads',
    source: 'microsoft/CCF#7375',
    patches: [
      patch(
        'leadership.ts',
        "return jointVoteResult(this, replica => replica === this.self || holds(replica) || undefined) === 'won'",
        `const has = (voters: readonly Replica[]): boolean =>
      jointVoteResult({ voters, oldVoters: [] }, replica => replica === this.self || holds(replica) || undefined) === 'won'
    return has(this.voters) || (this.oldVoters.length > 0 && has(this.oldVoters))`,
      ),
    ],
    caughtBy: ['Read Rounds', 'Linearizable Reads', 'Lease Exclusion'],
  },
  {
    number: 67,
    name: 'reads by its lease while it hands over',
    source: 'openraft#1747',
    patches: [patch('transfer.ts', '  leadership.lease?.end()\n', '')],
    mix: drawn => ({ ...leases(drawn), transferEveryMs: drawn.electionTimeoutMs }),
    caughtBy: ['Read Rounds', 'Lease Exclusion', 'Linearizable Reads'],
  },
  {
    number: 68,
    name: 'whoever starts again helps to elect another within a lease',
    source: 'tikv#15035',
    patches: [
      patch(
        'election-timer.ts',
        'raft.leaderHeardAt = raft.options.leaseReads ? raft.now : Number.NEGATIVE_INFINITY',
        'raft.leaderHeardAt = Number.NEGATIVE_INFINITY',
      ),
    ],
    mix: leases,
    caughtBy: ['Stickiness', 'Lease Exclusion', 'Linearizable Reads'],
  },
]
