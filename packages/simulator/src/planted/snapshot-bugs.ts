/** Known mistakes with snapshots. */
import type { Mix } from '../driver/swarm.ts'
import { type PlantedBug, patch } from './bug.ts'
import { appliesOneBehind } from './host-bugs.ts'

/** A short log, and snapshots in many small pieces to whoever starts again or is out of reach for a while. */
const manySnapshots = (drawn: Mix): Mix => ({
  ...drawn,
  voters: Math.max(3, drawn.voters),
  compaction: true,
  raftOptions: { ...drawn.raftOptions, snapshotThresholdEntries: 3, snapshotChunkBytes: 1, maxCatchUpBytes: 1 },
  faultEveryMs: drawn.electionTimeoutMs,
  faultLastsMs: drawn.electionTimeoutMs,
  faultWeights: { ...drawn.faultWeights, crash: 2, isolateLeader: 2, partition: 1 },
})

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
  {
    number: 57,
    name: 'goes on with a snapshot whose beginning the follower has lost',
    source: 'openraft#1113',
    patches: [
      patch('outgoing-snapshot.ts', '      this.ackedRound = round\n      this.goBack(nextOffset)\n', '      return\n'),
    ],
    mix: manySnapshots,
    caughtBy: ['Liveness'],
  },
  {
    number: 58,
    name: 'puts chunks of two snapshots together',
    source: 'camunda#8381',
    patches: [
      patch(
        'incoming-snapshot.ts',
        'return term === this.term && lastIncludedIndex === this.index && totalBytes === this.totalBytes',
        'return term === this.term && (lastIncludedIndex > this.index || totalBytes === this.totalBytes)',
      ),
    ],
    caughtBy: ['Snapshot Equality'],
  },
  {
    number: 59,
    name: 'leaves entries on its disk that a snapshot has replaced',
    source: 'openraft#559, etcd#10358',
    patches: [
      patch('log.ts', '      if (this.issuedIndex > snapshot.index) {\n', '      if (this.issuedIndex < 0) {\n'),
    ],
    mix: manySnapshots,
    caughtBy: ['Index Order', 'Log Matching', 'Persist Unit', 'Durable Quorum'],
  },
]
