/** What must hold in every state that an exploration reaches: what the invariants say of whole runs, of one state and its history. */
import type { Configuration, NodeId } from '@flotilla/core'
import { isMajority } from '../invariants/invariant.ts'
import type { HostState, Stepped } from './host.ts'

/** One way that all could be. Which nodes led which term, and what was committed, is history that no node knows. */
export interface State {
  readonly number: number
  readonly hosts: readonly HostState[]
  /** Under way, by number; each at most once. */
  readonly mail: readonly number[]
  /** By term, the node that led it; -1 for none. */
  readonly leaders: readonly number[]
  /** The chain of what is committed, by index, and the term of the leader that committed it. */
  readonly committed: readonly number[]
  readonly commitTerms: readonly number[]
  /** How many of each there have been. */
  readonly proposals: number
  readonly crashes: number
  readonly duplicates: number
  readonly changes: number
  readonly compactions: number
  /** Of each read, in the order of their numbers, how much was committed when it was asked for. */
  readonly reads: readonly number[]
}

export interface Broken {
  readonly property: string
  readonly detail: string
}

/** `state` is new in that `before` became `after`: with its history brought up to date, or what is wrong with it. */
export function judge(state: State, before: HostState, { state: after, answers }: Stepped): State | Broken {
  const name = `n${after.node + 1}`
  let judged = state
  for (const { id, index } of answers) {
    const least = state.reads[id - 1] ?? 0
    if (index >= least) continue
    return {
      property: 'Linearizable Reads',
      detail: `${name} reads at ${index}; when it was asked, ${least} was committed`,
    }
  }
  if (after.role === 'leader' && !(before.role === 'leader' && before.term === after.term)) {
    const other = state.leaders[after.term] ?? -1
    if (other >= 0 && other !== after.node) {
      return { property: 'Election Safety', detail: `n${other + 1} and ${name} both lead term ${after.term}` }
    }
    if (!isElected(state, after)) {
      return { property: 'Configuration', detail: `${name} leads term ${after.term} without a majority of votes` }
    }
    const lacks = state.committed.findIndex(
      (hash, i) => (state.commitTerms[i] ?? 0) < after.term && after.chain[i] !== hash,
    )
    if (lacks >= 0) {
      return {
        property: 'Leader Completeness',
        detail: `${name} leads term ${after.term} and lacks entry ${lacks + 1}`,
      }
    }
    const leaders = Array.from(
      { length: Math.max(state.leaders.length, after.term + 1) },
      (_, t) => state.leaders[t] ?? -1,
    )
    leaders[after.term] = after.node
    judged = { ...judged, leaders }
  }
  if (after.raft !== undefined && before.raft !== undefined && after.commitIndex < before.commitIndex) {
    return {
      property: 'Commit Monotone',
      detail: `${name} goes back from ${before.commitIndex} to ${after.commitIndex}`,
    }
  }
  const broken = changeBroken(before, after, name)
  if (broken !== undefined) return broken
  if (after.commitIndex > before.commitIndex || after.chain !== before.chain) {
    const torn = logBroken(judged, after, name)
    if (torn !== undefined) return torn
  }
  return after.commitIndex > judged.committed.length ? commit(judged, before, after, name) : judged
}

const idOf = ({ node }: HostState): NodeId => `n${node + 1}`

function isQuorum(configuration: Configuration | undefined, holds: (id: NodeId) => boolean): boolean {
  if (configuration === undefined) return false
  const { voters, oldVoters } = configuration
  return isMajority(voters, holds) && (oldVoters.length === 0 || isMajority(oldVoters, holds))
}

/** Whoever has moved on to a later term may well have voted: that vote was looked at when it left. */
function isElected({ hosts }: State, leader: HostState): boolean {
  return isQuorum(leader.configuration, id => {
    const disk = hosts.find(host => idOf(host) === id)?.disk
    if (disk === undefined) return false
    return disk.currentTerm > leader.term || (disk.currentTerm === leader.term && disk.votedFor === idOf(leader))
  })
}

/** A leader changes the configuration one at a time, and not before an entry of its own term is committed. */
function changeBroken(before: HostState, after: HostState, name: string): Broken | undefined {
  if (before.role !== 'leader' || after.role !== 'leader' || before.term !== after.term) return undefined
  if (after.configurationIndex <= before.configurationIndex) return undefined
  const { commitIndex } = after
  if (before.configurationIndex > commitIndex) {
    return {
      property: 'Configuration',
      detail: `${name} changes what is not committed at ${before.configurationIndex}`,
    }
  }
  if (after.terms[commitIndex - 1] !== after.term) {
    return { property: 'Configuration', detail: `${name} changes it before committing in its own term ${after.term}` }
  }
  return undefined
}

function logBroken({ hosts, committed }: State, after: HostState, name: string): Broken | undefined {
  for (let i = 0; i < Math.min(after.commitIndex, committed.length); i++) {
    if (after.chain[i] !== committed[i]) {
      return {
        property: 'State Machine Safety',
        detail: `${name} takes its entry ${i + 1} for committed; it is another`,
      }
    }
  }
  for (const other of hosts) {
    if (other === after) continue
    for (let i = Math.min(after.terms.length, other.terms.length) - 1; i >= 0; i--) {
      if (after.terms[i] !== other.terms[i]) continue
      if (after.chain[i] === other.chain[i]) break
      return { property: 'Log Matching', detail: `${name} and n${other.node + 1} differ at or before ${i + 1}` }
    }
  }
  return undefined
}

/** It is the first to take these entries for committed. */
function commit(state: State, before: HostState, leader: HostState, name: string): State | Broken {
  const committed = leader.chain.slice(0, leader.commitIndex)
  // Whoever commits a configuration without itself leads no more.
  if (before.role !== 'leader' || before.term !== leader.term) {
    return { property: 'State Machine Safety', detail: `${name} commits ${leader.commitIndex}, which no leader has` }
  }
  const at = leader.commitIndex - 1
  const holders = state.hosts.filter(host => host.diskChain[at] === committed[at])
  if (!isQuorum(leader.configuration, id => holders.some(host => idOf(host) === id))) {
    return { property: 'Durable Quorum', detail: `${name} commits ${leader.commitIndex}, durable on no majority` }
  }
  if (leader.terms[at] !== leader.term) {
    return {
      property: 'Current-Term Commit',
      detail: `${name} commits ${leader.commitIndex} of another term by counting`,
    }
  }
  const commitTerms = committed.map((_, i) => state.commitTerms[i] ?? leader.term)
  return { ...state, committed, commitTerms }
}
