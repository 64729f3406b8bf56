/** Known mistakes with snapshots. */
import { type PlantedBug, patch } from './bug.ts'
import { appliesOneBehind } from './host-bugs.ts'

export const snapshotBugs: readonly PlantedBug[] = [
  {
    number: 28,
    name: 'keeps a conflicting entry at lastIncludedIndex',
    source: 'hashicorp#697',
    patches: [
      patch(
        'log.ts',
        'const keepTail = this.holds(snapshot.index) && this.termAt(snapshot.index) === snapshot.term',
        'const keepTail = this.holds(snapshot.index)',
      ),
    ],
    caughtBy: ['Log Matching', 'Index Order'],
  },
  {
    number: 29,
    name: 'installs a snapshot while applying',
    source: 'NuRaft#407',
    patches: [],
    wrap: appliesOneBehind,
    mix: drawn => ({
      ...drawn,
      compaction: true,
      raftOptions: { ...drawn.raftOptions, snapshotThresholdEntries: 3, snapshotChunkBytes: 65_536 },
    }),
    caughtBy: ['State Machine Safety'],
  },
  {
    number: 30,
    name: 'a snapshot carries an uncommitted configuration',
    source: 'canonical#250',
    patches: [
      patch(
        'compaction.ts',
        'configuration: raft.configurations.at(index), data }',
        'configuration: raft.configuration, data }',
      ),
    ],
    caughtBy: ['Snapshot Equality'],
  },
  {
    number: 31,
    name: 'lastSnapshotIndex regresses',
    source: 'hashicorp#248',
    patches: [
      patch('snapshot.ts', 'if (request.lastIncludedIndex <= raft.commitIndex)', 'if (request.lastIncludedIndex <= 0)'),
      patch(
        'snapshot.ts',
        "  invariant(snapshot.index > raft.commitIndex, 'the commit index only grows', snapshot.index, raft.commitIndex)\n",
        '',
      ),
    ],
    caughtBy: ['Commit Monotone', 'Index Order', 'Truncation Above Commit'],
  },
  {
    number: 32,
    name: "labels chunks with the snapshot's term instead of the leader's",
    source: 'd-engine#442',
    patches: [
      patch(
        'snapshot.ts',
        '      to: progress.id,\n      term: raft.currentTerm,',
        '      to: progress.id,\n      term: snapshot.term,',
      ),
    ],
    // The sender did not lead that term: whoever did, or votes in it, sees two leaders.
    caughtBy: ['Liveness', 'Election Safety'],
  },
]
