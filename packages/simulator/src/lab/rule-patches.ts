/**
 * How each rule is switched off: changes of the core's source, each text there once, that ask the node whether the rule is
 * off in its run. They make a copy of the core, switchable-core-plugin.ts says when; the shipped core knows of no switch.
 */
import { type Patch, patch } from '../planted/bug.ts'
import type { RuleId } from './rules.ts'

const off = (rule: RuleId): string => `raft.off.has('${rule}')`

/** Each node is told what is off in its run. */
export const carrier: readonly Patch[] = [
  patch('state.ts', '  tracing: boolean\n', '  tracing: boolean\n  readonly off: ReadonlySet<string>\n'),
  patch('state.ts', '    this.id = config.id\n', '    this.id = config.id\n    this.off = config.off\n'),
]

export const rulePatches: Readonly<Record<RuleId, readonly Patch[]>> = {
  oneVote: [
    patch(
      'election.ts',
      '  if (raft.votedFor !== undefined && raft.votedFor !== request.from) {',
      `  if (raft.votedFor !== request.from && ${off('oneVote')}) raft.votedFor = undefined\n  if (raft.votedFor !== undefined && raft.votedFor !== request.from) {`,
    ),
  ],
  voteOnDisk: [
    patch(
      'state.ts',
      'this.votedFor = recovered.votedFor',
      "this.votedFor = config.off.has('voteOnDisk') ? undefined : recovered.votedFor",
    ),
  ],
  electionRestriction: [
    patch(
      'election.ts',
      "  if (!raft.log.isUpToDate(request.lastLogIndex, request.lastLogTerm)) {\n    offerLog(raft)\n    return answerVote(raft, request, false, 'log behind ours')",
      `  const upToDate = ${off('termBeforeLength')}
    ? request.lastLogIndex >= raft.log.lastIndex
    : raft.log.isUpToDate(request.lastLogIndex, request.lastLogTerm)
  if (!upToDate && !${off('electionRestriction')}) {
    offerLog(raft)
    return answerVote(raft, request, false, 'log behind ours')`,
    ),
  ],
  // Its text is in the one above: both are about the same comparison.
  termBeforeLength: [],
  votesOfThisTerm: [
    patch(
      'election.ts',
      "  if (result.term < raft.currentTerm) return raft.refuse(result, 'stale term')\n  if (raft.role !== 'candidate')",
      `  if (result.term < raft.currentTerm && !${off('votesOfThisTerm')}) return raft.refuse(result, 'stale term')\n  if (raft.role !== 'candidate')`,
    ),
  ],
  oneVotePerVoter: [
    patch(
      'election.ts',
      '  if (raft.votes.has(from)) return\n  raft.votes.set(from, granted)',
      `  const counted = raft.votes.has(from)
  if (counted && !${off('oneVotePerVoter')}) return
  raft.votes.set(counted ? (raft.configuration.voters.find(id => id !== raft.id && !raft.votes.has(id)) ?? from) : from, granted)`,
    ),
  ],
  defendLeader: [
    patch(
      'election-timer.ts',
      'export function hearsFromLeader(raft: RaftState): boolean {\n',
      `export function hearsFromLeader(raft: RaftState): boolean {\n  if (${off('defendLeader')}) return false\n`,
    ),
  ],
  ownTermCommit: [
    patch(
      'commit.ts',
      '  if (raft.log.termAt(index) !== raft.currentTerm) return\n',
      `  if (raft.log.termAt(index) !== raft.currentTerm && !${off('ownTermCommit')}) return\n`,
    ),
  ],
  cutConflictsOnly: [
    patch(
      'append-entries.ts',
      '  appendMissing(raft, entries)\n',
      `  appendMissing(raft, entries)
  const cut = Math.max(verified, raft.commitIndex) + 1
  if (entries.length > 0 && cut <= log.lastIndex && ${off('cutConflictsOnly')}) {
    log.truncate(cut)
    raft.persistence.forgetFrom(cut)
    if (raft.tracing) raft.emit({ type: 'truncated', from: cut, reason: 'the message ends before it' })
    if (raft.configurations.onTruncate(cut)) configurationChanged(raft, 'rolledBack')
  }
`,
    ),
  ],
  cutConflicts: [
    patch(
      'append-entries.ts',
      '      truncateConflict(raft, entry)\n',
      `      if (${off('cutConflicts')}) {
        log.replace(entry)
        continue
      }
      truncateConflict(raft, entry)
`,
    ),
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
  commitVerified: [
    patch(
      'append-entries.ts',
      'Math.min(request.leaderCommit, verified)',
      `Math.min(request.leaderCommit, ${off('commitVerified')} ? log.lastIndex : verified)`,
    ),
  ],
  durableAnswer: [
    patch(
      'acknowledgement.ts',
      'if (matchIndex <= raft.log.durableIndex && raft',
      `if (${off('durableAnswer')}) raft.outbox.sendNow(answer)\n  else if (matchIndex <= raft.log.durableIndex && raft`,
    ),
  ],
  votersOnly: [
    patch(
      'commit.ts',
      'jointCommittedIndex(leadership, matchIndexOf)',
      `jointCommittedIndex(
    ${off('votersOnly')} ? { voters: [leadership.self, ...leadership.followers], oldVoters: [] } : leadership,
    matchIndexOf,
  )`,
    ),
  ],
  ownTermBeforeChange: [
    patch(
      'reconfiguration.ts',
      "  if (raft.log.termAt(commitIndex) !== raft.currentTerm) return { kind: 'OwnTermNotCommitted' }\n  if (configurations.index > commitIndex ||",
      `  if (raft.log.termAt(commitIndex) !== raft.currentTerm && !${off('ownTermBeforeChange')}) return { kind: 'OwnTermNotCommitted' }\n  if (configurations.index > commitIndex ||`,
    ),
  ],
  jointConsensus: [
    patch(
      'reconfiguration.ts',
      'configurationEntry(raft, next.configuration))',
      `configurationEntry(raft, ${off('jointConsensus')} ? leaveJoint(next.configuration) : next.configuration))`,
    ),
  ],
  askBeforeRead: [
    patch(
      'reads.ts',
      '  if (!leadership.hasMajority(({ ackedRound }) => ackedRound >= batch.round)) return\n',
      `  if (!${off('askBeforeRead')} && !leadership.hasMajority(({ ackedRound }) => ackedRound >= batch.round)) return\n`,
    ),
  ],
  heirUpToDate: [
    patch(
      'transfer.ts',
      'if (!transfer.atOnce && (progress',
      `if (!${off('heirUpToDate')} && !transfer.atOnce && (progress`,
    ),
  ],
}
