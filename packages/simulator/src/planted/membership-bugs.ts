/** Known mistakes in changing who belongs to the cluster. */
import { type PlantedBug, patch } from './bug.ts'
import { comesBackWiped } from './host-bugs.ts'

export const membershipBugs: readonly PlantedBug[] = [
  {
    number: 33,
    name: 'a single-server change before an entry of the own term is committed',
    source: 'openraft#2051',
    patches: [
      patch(
        'reconfiguration.ts',
        "  if (raft.log.termAt(commitIndex) !== raft.currentTerm) return { kind: 'OwnTermNotCommitted' }\n",
        '',
      ),
    ],
    caughtBy: ['Configuration'],
  },
  {
    number: 34,
    name: 'leaves joint before joint is committed',
    source: 'camunda#60086',
    patches: [
      patch(
        'reconfiguration.ts',
        '  return appendOwn(raft, configurationEntry(raft, next.configuration))\n',
        `  const outcome = appendOwn(raft, configurationEntry(raft, next.configuration))
  if (isJoint(raft.configuration)) appendOwn(raft, configurationEntry(raft, leaveJoint(raft.configuration)))
  return outcome
`,
      ),
    ],
    caughtBy: ['Configuration'],
  },
  {
    number: 35,
    name: 'forgets the joint phase on restart',
    source: 'openraft 6c0ccaf3',
    patches: [
      patch(
        'state.ts',
        'for (const entry of recovered.entries) this.configurations.onAppend(entry)',
        "for (const entry of recovered.entries) this.configurations.onAppend(entry.kind === 'configuration' ? { ...entry, data: { ...entry.data, oldVoters: [] } } : entry)",
      ),
    ],
    caughtBy: ['Configuration'],
  },
  {
    number: 36,
    name: 'truncation does not roll the configuration back',
    source: 'canonical#323',
    patches: [
      patch(
        'append-entries.ts',
        "  if (raft.configurations.onTruncate(index)) configurationChanged(raft, 'rolledBack')\n",
        '',
      ),
    ],
    caughtBy: ['Configuration'],
  },
  {
    number: 37,
    name: 'leaving joint is not proposed again after a leader change',
    source: 'etcd#12136',
    patches: [
      patch(
        'reconfiguration.ts',
        '  if (isJoint(configuration)) appendOwn',
        '  const { index } = raft.configurations\n  if (isJoint(configuration) && !(raft.log.holds(index) && raft.log.termAt(index) === raft.currentTerm)) return\n  if (isJoint(configuration)) appendOwn',
      ),
    ],
    caughtBy: ['Liveness'],
  },
  {
    number: 38,
    name: 'a leader that is no longer a voter never steps down',
    source: 'canonical#235',
    patches: [
      patch(
        'reconfiguration.ts',
        'else if (!configuration.voters.includes(raft.id)) {',
        'else if (configuration.voters.length === 0) {',
      ),
    ],
    caughtBy: ['Configuration'],
  },
  {
    number: 39,
    name: 'a wiped node votes under its old id',
    source: 'nats#7038',
    patches: [],
    sabotage: comesBackWiped,
    caughtBy: ['Vote Durability', 'Term Monotone', 'Election Safety', 'Leader Completeness'],
  },
  {
    number: 60,
    name: 'a leader without a vote counts itself',
    source: 'camunda#15232',
    patches: [
      patch(
        'leadership.ts',
        'this.voters = configuration.voters.map(replicaOf)',
        'this.voters = [...new Set([...configuration.voters, this.id])].map(replicaOf)',
      ),
    ],
    caughtBy: ['Durable Quorum'],
  },
  {
    number: 61,
    name: 'starts again without the latest configuration of its log',
    source: 'andy-yx-chen/jraft#1, camunda#62837',
    patches: [
      patch(
        'state.ts',
        'for (const entry of recovered.entries) this.configurations.onAppend(entry)',
        `const latest = recovered.entries.findLast(({ kind, index }) => kind === 'configuration' && index > 1)
    for (const entry of recovered.entries) if (entry !== latest) this.configurations.onAppend(entry)`,
      ),
    ],
    caughtBy: ['Configuration'],
  },
  {
    number: 62,
    name: 'does not count the own vote of a candidate that is to lose it',
    source: 'scylladb#10618',
    patches: [
      patch(
        'election.ts',
        '  raft.votes.set(raft.id, true)\n  setLeader',
        '  if (raft.configuration.voters.includes(raft.id)) raft.votes.set(raft.id, true)\n  setLeader',
      ),
      patch(
        'election.ts',
        'if (!raft.persistence.isHardStateDurable || raft.votes.has(raft.id)) return',
        'if (!raft.persistence.isHardStateDurable || raft.votes.has(raft.id) || !raft.configuration.voters.includes(raft.id)) return',
      ),
    ],
    mix: drawn => ({ ...drawn, voters: 1, changeEveryMs: drawn.electionTimeoutMs }),
    caughtBy: ['Liveness'],
  },
  {
    number: 63,
    name: 'takes a change before the one before is committed',
    source: 'valkey#3926',
    patches: [
      patch(
        'reconfiguration.ts',
        'if (configurations.index > commitIndex || isJoint(raft.configuration)) {',
        'if (isJoint(raft.configuration)) {',
      ),
    ],
    caughtBy: ['Configuration'],
  },
  {
    number: 64,
    name: 'a new leader counts by the latest committed configuration',
    source: 'NuRaft#67',
    patches: [
      patch(
        'election.ts',
        'leadership.adoptConfiguration(raft.configuration,',
        'leadership.adoptConfiguration(raft.configurations.at(Math.max(1, raft.commitIndex)),',
      ),
    ],
    caughtBy: ['Durable Quorum', 'Liveness'],
  },
]
