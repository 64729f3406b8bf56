/** What follows when another configuration is in force (§6; dissertation §4.1): at once, committed or not. */
import { resetElectionTimer } from './election-timer.ts'
import { isVoter } from './membership.ts'
import { confirmReads } from './reads.ts'
import type { RaftState } from './state.ts'

/** The configuration in force is another one now. */
export function configurationChanged(raft: RaftState, stage: 'appended' | 'rolledBack'): void {
  raft.configuration = raft.configurations.current
  raft.mayCampaign = mayCampaign(raft)
  if (raft.tracing) {
    const { configuration, configurations } = raft
    raft.emit({ type: 'configuration', index: configurations.index, configuration, stage })
  }
  if (raft.leadership === undefined) return resetElectionTimer(raft, 'configuration')
  raft.leadership.adoptConfiguration(raft.configuration, raft.log.lastIndex, raft.now)
  // With fewer voters, those that have answered may be a majority now, and nobody else be left to answer.
  confirmReads(raft, raft.leadership)
}

/**
 * Voters campaign. So does one whom an uncommitted configuration makes none: until that commits, the cluster may depend
 * on it (dissertation §4.2.2). Votes are counted by the configuration in force all the same.
 */
export function mayCampaign({ id, configuration, configurations, commitIndex }: RaftState): boolean {
  if (isVoter(configuration, id)) return true
  return configurations.index > commitIndex && isVoter(configurations.at(configurations.index - 1), id)
}
