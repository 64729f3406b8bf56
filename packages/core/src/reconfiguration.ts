/** Changing the membership, at the leader (§6; dissertation ch. 4): one change at a time, and a joint one to its end. */
import { mayCampaign } from './configuration.ts'
import { resetElectionTimer } from './election-timer.ts'
import type { Entry } from './entry.ts'
import type { Outcome } from './io.ts'
import type { Leadership } from './leadership.ts'
import { type Configuration, changeConfiguration, isJoint, leaveJoint, type MembershipChange } from './membership.ts'
import { appendOwn } from './propose.ts'
import { becomeFollower } from './roles.ts'
import type { RaftState } from './state.ts'
import { handOver } from './transfer.ts'

/** At the leader: §6; one change at a time, and none before an entry of the own term is committed (dissertation §4.1). */
export function proposeChange(raft: RaftState, changes: readonly MembershipChange[]): Outcome {
  const { leadership, configurations, commitIndex } = raft
  if (leadership === undefined) return { kind: 'NotLeader', leader: raft.leader }
  if (leadership.transfer !== undefined) return { kind: 'Transferring', to: leadership.transfer.to }
  if (raft.log.termAt(commitIndex) !== raft.currentTerm) return { kind: 'OwnTermNotCommitted' }
  if (configurations.index > commitIndex || isJoint(raft.configuration)) {
    return { kind: 'ConfigurationInFlight', index: configurations.index }
  }
  const next = changeConfiguration(raft.configuration, changes)
  if (next.kind !== 'next') return next
  return appendOwn(raft, configurationEntry(raft, next.configuration))
}

/** The configuration in force has just been committed. */
export function configurationCommitted(raft: RaftState): void {
  const { configuration } = raft
  raft.mayCampaign = mayCampaign(raft)
  if (raft.tracing) {
    raft.emit({ type: 'configuration', index: raft.configurations.index, configuration, stage: 'committed' })
  }
}

/** At the leader, whenever the configuration in force is committed, and an entry of its own term with it or after it. */
export function concludeChange(raft: RaftState, leadership: Leadership): void {
  const { configuration } = raft
  // Also after a change of leader in the middle: whoever leads when the joint configuration commits proposes C_new.
  if (isJoint(configuration)) appendOwn(raft, configurationEntry(raft, leaveJoint(configuration)))
  else if (!configuration.voters.includes(raft.id)) {
    // "A leader that is removed steps down once C_new is committed" (§6); it names a successor so that nobody waits.
    handOver(raft, leadership)
    becomeFollower(raft, undefined, 'no longer a voter')
    resetElectionTimer(raft, 'no longer a voter')
  }
}

function configurationEntry(raft: RaftState, data: Configuration): Entry {
  return { index: raft.log.lastIndex + 1, term: raft.currentTerm, kind: 'configuration', data }
}
