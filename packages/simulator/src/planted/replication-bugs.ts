/** Known mistakes in replicating the log and in deciding what is committed. */
import { type PlantedBug, patch } from './bug.ts'

export const replicationBugs: readonly PlantedBug[] = [
  {
    number: 15,
    name: 'commits entries of previous terms by counting replicas',
    source: 'logcabin#44',
    patches: [patch('commit.ts', '  if (raft.log.termAt(index) !== raft.currentTerm) return\n', '')],
    caughtBy: ['Current-Term Commit', 'Leader Completeness'],
  },
  {
    number: 16,
    name: 'omits the no-op at the start of a term',
    source: 'redisraft#22',
    patches: [
      patch(
        'election.ts',
        "  appendOwn(raft, { index: raft.log.lastIndex + 1, term: raft.currentTerm, kind: 'noop', data: null })\n",
        '',
      ),
    ],
    caughtBy: ['Liveness'],
  },
  {
    number: 17,
    name: 'truncates entries that do not conflict',
    source: 'hashicorp#113',
    patches: [
      patch(
        'append-entries.ts',
        'if (entry.index <= log.snapshotIndex || log.termAt(entry.index) === entry.term) continue',
        'if (entry.index <= raft.commitIndex) continue',
      ),
    ],
    caughtBy: ['Conflict Truncation'],
  },
  {
    number: 18,
    name: 'truncates on a heartbeat',
    source: 'willemt#37',
    patches: [
      patch(
        'append-entries.ts',
        '  appendMissing(raft, entries)\n',
        `  appendMissing(raft, entries)
  const cut = Math.max(prevLogIndex, raft.commitIndex) + 1
  if (entries.length === 0 && cut <= log.lastIndex) {
    log.truncate(cut)
    raft.persistence.forgetFrom(cut)
    if (raft.configurations.onTruncate(cut)) configurationChanged(raft, 'rolledBack')
  }
`,
      ),
    ],
    caughtBy: ['Conflict Truncation'],
  },
  {
    number: 19,
    name: 'keeps the tail after a conflict',
    source: 'mofa#1151',
    patches: [
      patch('append-entries.ts', '      truncateConflict(raft, entry)\n', '      log.replace(entry)\n      continue\n'),
      patch(
        'log.ts',
        "  /** Removes the entries from `from` on, which conflict with the leader's (§5.3). */",
        `  replace(entry: Entry): void {
    const chunk = this.chunkOf(entry.index)
    chunk.entries[entry.index - chunk.firstIndex] = entry
    this.lastRun = noEntries
    if (entry.index === this.lastIndex) this.lastTerm = entry.term
    if (entry.index <= this.issuedIndex) {
      this.pendingTruncation = this.pendingTruncation === 0 ? entry.index : Math.min(this.pendingTruncation, entry.index)
      this.issuedIndex = entry.index - 1
    }
    if (this.durableIndex >= entry.index) this.durableIndex = entry.index - 1
  }

  /** Removes the entries from \`from\` on, which conflict with the leader's (§5.3). */`,
      ),
    ],
    // The tail may have a configuration in it.
    caughtBy: ['Log Matching', 'Configuration'],
  },
  {
    number: 20,
    name: 'sets commit to leaderCommit instead of min(leaderCommit, last verified)',
    source: 'copycat#265, scylla#9965',
    patches: [
      patch(
        'append-entries.ts',
        'Math.min(request.leaderCommit, verified)',
        'Math.min(request.leaderCommit, log.lastIndex)',
      ),
    ],
    caughtBy: ['State Machine Safety', 'Commit Monotone'],
  },
  {
    number: 21,
    name: 'lowers matchIndex on a late acknowledgement',
    source: 'raft.tla#18',
    patches: [
      patch(
        'progress.ts',
        'if (matchIndex <= this.matchIndex) return false',
        'if (matchIndex === this.matchIndex) return false',
      ),
    ],
    caughtBy: ['Match Index'],
  },
  {
    number: 22,
    name: 'acknowledges a retransmission before it is durable',
    source: 'yugabyte#32875',
    patches: [
      patch(
        'acknowledgement.ts',
        'if (matchIndex <= raft.log.durableIndex && raft',
        'if (matchIndex <= raft.log.issuedIndex && raft',
      ),
    ],
    caughtBy: ['Persist Before Acknowledge'],
  },
  {
    number: 23,
    name: 'keeps a stale "last durable" after a truncation',
    source: 'ra#637',
    patches: [patch('log.ts', '    if (this.durableIndex >= from) this.durableIndex = from - 1\n', '')],
    caughtBy: ['Persist Before Acknowledge', 'Index Order'],
  },
  {
    number: 24,
    name: 'accepts an old acknowledgement after a peer was removed and added again',
    source: 'openraft',
    patches: [
      patch(
        'acknowledgement.ts',
        "  if (result.round < progress.firstRound) return turnDown(raft, result, 'from before it was added')\n",
        '',
      ),
    ],
    caughtBy: ['Match Index'],
  },
  {
    number: 25,
    name: 'lets nextIndex fall to matchIndex or below',
    source: 'etcd-io/raft#149',
    patches: [
      patch('progress.ts', 'this.nextIndex = Math.max(nextIndex, this.matchIndex + 1)', 'this.nextIndex = nextIndex'),
      patch(
        'replication.ts',
        "  if (result.rejectedIndex <= progress.matchIndex) return raft.refuse(result, 'rejects what it has acknowledged')\n",
        '',
      ),
      patch(
        'replication.ts',
        "  invariant(progress.matchIndex <= prevLogIndex, 'nextIndex is past matchIndex', prevLogIndex, progress.matchIndex)\n",
        '',
      ),
    ],
    caughtBy: ['Match Index'],
  },
  {
    number: 26,
    name: 'probing never reaches the conflict',
    source: 'yugabyte#32876',
    patches: [
      patch(
        'replication.ts',
        'progress.becomeProbe(agreed + 1)',
        'progress.becomeProbe(Math.max(agreed + 1, result.rejectedIndex + 1))',
      ),
    ],
    caughtBy: ['Liveness'],
  },
  {
    number: 27,
    name: 'stays paused for ever while sending a snapshot',
    source: 'etcd#12695',
    patches: [patch('snapshot.ts', 'if (progress.isHeardSince(outgoing.askedAt)) outgoing.askAgain()', '')],
    caughtBy: ['Liveness'],
  },
  {
    number: 52,
    name: 'takes what it sent for what the follower has',
    source: 'adjoint-io/raft#130',
    patches: [
      patch(
        'replication.ts',
        'progress.onMatched(matchIndex, round, raft.now)',
        'progress.onMatched(Math.max(matchIndex, progress.nextIndex - 1), round, raft.now)',
      ),
    ],
    caughtBy: ['Match Index', 'Durable Quorum'],
  },
  {
    number: 53,
    name: 'names its last entry, and not the one that did not match',
    source: 'cubefs#2428',
    patches: [patch('acknowledgement.ts', 'rejectedIndex: request.prevLogIndex,', 'rejectedIndex: log.lastIndex,')],
    caughtBy: ['Liveness'],
  },
  {
    number: 54,
    name: 'counts its own entries before its disk has them',
    source: 'etcd#14370, d-engine#446',
    patches: [
      patch(
        'commit.ts',
        "  invariant(leadership.self.matchIndex <= raft.log.durableIndex, 'a leader counts itself once it is durable')\n",
        '  leadership.self.matchIndex = raft.log.lastIndex\n',
      ),
    ],
    caughtBy: ['Durable Quorum'],
  },
  {
    number: 55,
    name: 'drops what is not committed when it stops leading',
    source: 'microsoft/CCF#5674',
    patches: [
      patch(
        'roles.ts',
        '    raft.log.release(raft.log.snapshotIndex)\n',
        `    raft.log.release(raft.log.snapshotIndex)
    const cut = raft.commitIndex + 1
    if (cut <= raft.log.lastIndex) {
      raft.log.truncate(cut)
      raft.persistence.forgetFrom(cut)
      if (raft.configurations.onTruncate(cut)) raft.configuration = raft.configurations.current
    }
`,
      ),
    ],
    caughtBy: ['Conflict Truncation', 'Leader Append-Only', 'Durable Quorum'],
  },
  {
    number: 56,
    name: 'takes all that its disk holds for committed when it starts',
    source: 'goraft#69',
    patches: [
      patch(
        'state.ts',
        'Math.max(this.log.snapshotIndex, Math.min(recovered.commitIndex ?? 0, this.log.lastIndex))',
        'this.log.lastIndex',
      ),
    ],
    caughtBy: ['Durable Quorum', 'State Machine Safety', 'Commit Monotone'],
  },
]
