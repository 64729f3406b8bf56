/** What can be asked of a run as it stands, as data: scripts wait for it, and lessons judge by it. */
import type { NodeId, Role } from '@flotilla/core'
import { type Happening, happenedInOrder } from './happening.ts'
import type { NodeState } from './node-state.ts'
import type { Run } from './run.ts'
import type { ClientOperation } from './step.ts'

/** Everything that is given must hold. */
export interface Expectation {
  readonly node?: NodeId
  readonly up?: boolean
  readonly role?: Role
  readonly term?: number
  readonly termAtLeast?: number
  readonly votedFor?: NodeId | null
  /** Committed at least up to here. */
  readonly commit?: number
  /** Not committed up to here yet. */
  readonly commitBelow?: number
  /** Its whole log, as the terms of its entries; in memory, durable or not. */
  readonly log?: readonly number[]
  /** How its log begins, with whatever behind it. */
  readonly logBegins?: readonly number[]
  /** At the leader `node`: what it knows of this follower. */
  readonly follower?: { readonly id: NodeId; readonly matchIndex?: number; readonly nextIndex?: number }
  /** At least so many reads have been answered, by whichever node. */
  readonly readsAnswered?: number
  /** At least so many reads wait for their answer. */
  readonly readsWaiting?: number
  /** The logs of all of these are equal. */
  readonly sameLog?: readonly NodeId[]
  /** These links are cut now, each in this direction. */
  readonly cut?: readonly Link[]
  /** All this has happened since the beginning, in this order. */
  readonly happened?: readonly Happening[]
  /** One of these is so. */
  readonly any?: readonly PlainExpectation[]
  /** This property has been broken in the run, … */
  readonly broken?: string
  /** … or none has. */
  readonly unbroken?: true
}

export type PlainExpectation = Omit<Expectation, 'any'>

interface Link {
  readonly from: NodeId
  readonly to: NodeId
}

/** As much of a run as can be asked about. */
type Askable = Pick<Run, 'steps' | 'node' | 'latest'>

export function holds(run: Askable, expected: Expectation): boolean {
  const broken = run.steps.flatMap(step => step.violations.map(({ property }) => property))
  if (expected.broken !== undefined && !broken.includes(expected.broken)) return false
  if (expected.unbroken === true && broken.length > 0) return false
  if (expected.readsAnswered !== undefined && reads(run, 'done') < expected.readsAnswered) return false
  if (expected.readsWaiting !== undefined && reads(run, 'pending') < expected.readsWaiting) return false
  if (expected.sameLog !== undefined && !haveSameLog(run, expected.sameLog)) return false
  if (expected.cut?.every(link => isCut(run, link)) === false) return false
  if (expected.happened !== undefined && !happenedInOrder(run.steps, expected.happened)) return false
  if (expected.any?.some(each => holds(run, each)) === false) return false
  if (expected.node === undefined) return true
  const state = run.node(expected.node)
  return state !== undefined && isAsExpected(state, expected)
}

const reads = ({ latest }: Askable, outcome: ClientOperation['outcome']): number =>
  latest.operations.filter(each => each.kind === 'read' && each.outcome === outcome).length

const haveSameLog = (run: Askable, nodes: readonly NodeId[]): boolean =>
  new Set(nodes.map(id => run.node(id)?.log.join())).size === 1

const isCut = ({ latest }: Askable, { from, to }: Link): boolean =>
  latest.conditions.cut.some(([a, b]) => a === from && b === to)

function isAsExpected(state: NodeState, expected: Expectation): boolean {
  const { up, role, term, termAtLeast, votedFor, commit, commitBelow, log, logBegins, follower } = expected
  if (up !== undefined && state.up !== up) return false
  if (role !== undefined && (!state.up || state.role !== role)) return false
  if (term !== undefined && state.term !== term) return false
  if (termAtLeast !== undefined && state.term < termAtLeast) return false
  if (votedFor !== undefined && (state.votedFor ?? null) !== votedFor) return false
  if (commit !== undefined && state.commitIndex < commit) return false
  if (commitBelow !== undefined && state.commitIndex >= commitBelow) return false
  if (log !== undefined && state.log.join() !== log.join()) return false
  if (logBegins?.every((term, i) => state.log[i] === term) === false) return false
  if (follower === undefined) return true
  const known = state.followers.find(({ id }) => id === follower.id)
  if (known === undefined) return false
  return (
    (follower.matchIndex === undefined || known.matchIndex >= follower.matchIndex) &&
    (follower.nextIndex === undefined || known.nextIndex === follower.nextIndex)
  )
}
