/** Known mistakes in reading without writing to the log. */
import { type PlantedBug, patch } from './bug.ts'
import { clocksJump } from './host-bugs.ts'

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
]
