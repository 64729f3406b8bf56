/** What must hold in every state that an exploration reaches: what the invariants say of whole runs, of one state and its history. */
import { isMajority } from '../invariants/invariant.ts'
import type { HostState } from './host.ts'

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
  readonly proposals: number
  readonly crashes: number
}

export interface Broken {
  readonly property: string
  readonly detail: string
}

/** `state` is new in that `before` became `after`: with its history brought up to date, or what is wrong with it. */
export function judge(state: State, before: HostState, after: HostState): State | Broken {
  const name = `n${after.node + 1}`
  let judged = state
  if (after.role === 'leader' && !(before.role === 'leader' && before.term === after.term)) {
    const other = state.leaders[after.term] ?? -1
    if (other >= 0 && other !== after.node) {
      return { property: 'Election Safety', detail: `n${other + 1} and ${name} both lead term ${after.term}` }
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
  if (after.commitIndex > before.commitIndex || after.chain !== before.chain) {
    const broken = logBroken(judged, after, name)
    if (broken !== undefined) return broken
  }
  return after.commitIndex > judged.committed.length ? commit(judged, after, name) : judged
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
function commit(state: State, leader: HostState, name: string): State | Broken {
  const committed = leader.chain.slice(0, leader.commitIndex)
  if (leader.role !== 'leader') {
    return { property: 'State Machine Safety', detail: `${name} commits ${leader.commitIndex}, which no leader has` }
  }
  const at = leader.commitIndex - 1
  const holders = state.hosts.filter(host => host.diskChain[at] === committed[at])
  const everyone = state.hosts.map(host => `${host.node}`)
  if (!isMajority(everyone, node => holders.some(host => `${host.node}` === node))) {
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
