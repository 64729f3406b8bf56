/** What can be asked of a run as it stands, as data: scripts wait for it, and lessons judge by it. */
import type { NodeId, Role } from '@flotilla/core'
import type { NodeState } from './node-state.ts'
import type { Run } from './run.ts'

/** Everything that is given must hold. */
export interface Expectation {
  readonly node?: NodeId
  readonly up?: boolean
  readonly role?: Role
  readonly term?: number
  readonly votedFor?: NodeId | null
  /** Committed at least up to here. */
  readonly commit?: number
  /** Not committed up to here yet. */
  readonly commitBelow?: number
  /** Its whole log, as the terms of its entries; in memory, durable or not. */
  readonly log?: readonly number[]
  /** At the leader `node`: what it knows of this follower. */
  readonly follower?: { readonly id: NodeId; readonly matchIndex?: number; readonly nextIndex?: number }
  /** At least so many reads have been answered, by whichever node. */
  readonly readsAnswered?: number
  /** This property has been broken in the run, … */
  readonly broken?: string
  /** … or none has. */
  readonly unbroken?: true
}

/** As much of a run as can be asked about. */
type Askable = Pick<Run, 'steps' | 'node' | 'latest'>

export function holds(run: Askable, expected: Expectation): boolean {
  const broken = run.steps.flatMap(step => step.violations.map(({ property }) => property))
  if (expected.broken !== undefined && !broken.includes(expected.broken)) return false
  if (expected.unbroken === true && broken.length > 0) return false
  if (expected.readsAnswered !== undefined && readsAnswered(run) < expected.readsAnswered) return false
  if (expected.node === undefined) return true
  const state = run.node(expected.node)
  return state !== undefined && isAsExpected(state, expected)
}

const readsAnswered = (run: Askable): number =>
  run.latest.operations.filter(({ kind, outcome }) => kind === 'read' && outcome === 'done').length

function isAsExpected(state: NodeState, expected: Expectation): boolean {
  const { up, role, term, votedFor, commit, commitBelow, log, follower } = expected
  if (up !== undefined && state.up !== up) return false
  if (role !== undefined && (!state.up || state.role !== role)) return false
  if (term !== undefined && state.term !== term) return false
  if (votedFor !== undefined && (state.votedFor ?? null) !== votedFor) return false
  if (commit !== undefined && state.commitIndex < commit) return false
  if (commitBelow !== undefined && state.commitIndex >= commitBelow) return false
  if (log !== undefined && state.log.join() !== log.join()) return false
  if (follower === undefined) return true
  const known = state.followers.find(({ id }) => id === follower.id)
  if (known === undefined) return false
  return (
    (follower.matchIndex === undefined || known.matchIndex >= follower.matchIndex) &&
    (follower.nextIndex === undefined || known.nextIndex === follower.nextIndex)
  )
}
