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
  if (isJoint(raft.configuration)) leaveJointNow(raft)
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
        '  if (isJoint(configuration)) leaveJointNow(raft)\n  else if',
        '  if (isJoint(configuration)) {\n    if (raft.log.termAt(raft.configurations.index) === raft.currentTerm) leaveJointNow(raft)\n  } else if',
      ),
      patch('commit.ts', '    leaveJointNow(raft)\n', ''),
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
]
