/**
 * Which configuration is in force (§6; dissertation §4.1): the latest in the log, committed or not. Appending one puts
 * it in force, truncating it brings back the one before, and a leader takes a committed joint one to its end.
 */

import { becomeFollower, resetElectionTimer } from './election.ts'
import type { Entry } from './entry.ts'
import type { Outcome } from './io.ts'
import {
  type Configuration,
  changeConfiguration,
  isJoint,
  isVoter,
  leaveJoint,
  type MembershipChange,
} from './membership.ts'
import type { Raft } from './raft.ts'
import { confirmReads } from './reads.ts'
import { appendOwn } from './replication.ts'
import { handOver } from './transfer.ts'

interface Placed {
  readonly index: number
  readonly configuration: Configuration
}

/** Every configuration that the log holds, and the one that its compacted prefix ended with. */
export class ConfigurationHistory {
  private placed: [Placed, ...Placed[]]

  constructor(base: Configuration) {
    this.placed = [{ index: 0, configuration: base }]
  }

  get current(): Configuration {
    return this.latest.configuration
  }

  /** Where the configuration in force stands; 0 if it came with the snapshot or from nowhere. */
  get index(): number {
    return this.latest.index
  }

  /** The configuration in force as of `index`. */
  at(index: number): Configuration {
    return this.placed.findLast(placed => placed.index <= index)?.configuration ?? this.placed[0].configuration
  }

  /** Says whether the entry was one. */
  onAppend(entry: Entry): boolean {
    if (entry.kind !== 'configuration') return false
    this.placed.push({ index: entry.index, configuration: entry.data })
    return true
  }

  /** Says whether the configuration in force changed. */
  onTruncate(from: number): boolean {
    const before = this.placed.length
    const [base, ...rest] = this.placed
    this.placed = [base, ...rest.filter(placed => placed.index < from)]
    return this.placed.length < before
  }

  onCompact(index: number): void {
    const base = {
      index: this.placed.findLast(placed => placed.index <= index)?.index ?? 0,
      configuration: this.at(index),
    }
    this.placed = [base, ...this.placed.filter(placed => placed.index > index)]
  }

  /** The log was replaced by a snapshot; what it kept after it stays. */
  onInstall(index: number, configuration: Configuration, keptTail: boolean): void {
    this.placed = [{ index: 0, configuration }, ...(keptTail ? this.placed.filter(placed => placed.index > index) : [])]
  }

  private get latest(): Placed {
    return this.placed.at(-1) ?? this.placed[0]
  }
}

/** The configuration in force is another one now. */
export function configurationChanged(raft: Raft, stage: 'appended' | 'rolledBack'): void {
  raft.configuration = raft.configurations.current
  raft.mayCampaign = mayCampaign(raft)
  if (raft.tracing) {
    const { configuration, configurations } = raft
    raft.emit({ type: 'configuration', index: configurations.index, configuration, stage })
  }
  if (raft.leadership === undefined) return resetElectionTimer(raft, 'configuration')
  raft.leadership.adoptConfiguration()
  // With fewer voters, those that have answered may be a majority now, and nobody else be left to answer.
  confirmReads(raft, raft.leadership)
}

/**
 * Voters campaign. So does one whom an uncommitted configuration makes none: until that commits, the cluster may depend
 * on it (dissertation §4.2.2). Votes are counted by the configuration in force all the same.
 */
export function mayCampaign({ id, configuration, configurations, commitIndex }: Raft): boolean {
  if (isVoter(configuration, id)) return true
  return configurations.index > commitIndex && isVoter(configurations.at(configurations.index - 1), id)
}

/** At the leader: §6; one change at a time, and none before an entry of the own term is committed (dissertation §4.1). */
export function proposeChange(raft: Raft, changes: readonly MembershipChange[]): Outcome {
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
export function configurationCommitted(raft: Raft): void {
  const { leadership, configuration } = raft
  raft.mayCampaign = mayCampaign(raft)
  if (raft.tracing) {
    raft.emit({ type: 'configuration', index: raft.configurations.index, configuration, stage: 'committed' })
  }
  if (leadership === undefined) return
  if (isJoint(configuration)) leaveJointNow(raft)
  else if (!configuration.voters.includes(raft.id)) {
    // "A leader that is removed steps down once C_new is committed" (§6); it names a successor so that nobody waits.
    handOver(raft, leadership)
    becomeFollower(raft, undefined, 'no longer a voter')
    resetElectionTimer(raft, 'no longer a voter')
  }
}

function configurationEntry(raft: Raft, data: Configuration): Entry {
  return { index: raft.log.lastIndex + 1, term: raft.currentTerm, kind: 'configuration', data }
}

/** Also after a change of leader in the middle: whoever leads when the joint configuration commits proposes C_new. */
export function leaveJointNow(raft: Raft): void {
  appendOwn(raft, configurationEntry(raft, leaveJoint(raft.configuration)))
}
