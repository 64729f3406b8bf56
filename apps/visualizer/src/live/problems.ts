/** Every way in which something can fail, in words for the person before the screen: what happened, and what helps. */
import {
  ClusterError,
  type ClusterErrorKind,
  type ClusterStatus,
  type JoinRefusal,
  type MemberStatus,
  type NodeFailure,
  type Obstacle,
  type OpeningStep,
  OpenTimeout,
  StorageError,
  type StorageErrorKind,
  TransportError,
  type TransportErrorKind,
} from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { InvalidWrite } from '../machine/invalid-write.ts'
import { doorCode } from '../room/door-code.ts'
import type { Problem, ProblemKind } from '../store/live-store.ts'
import { problems } from '../words/problems.ts'
import { type Browser, lackOf } from './browser.ts'
import { say } from './say.ts'

export function problemOf(
  cause: unknown,
  browser?: Browser,
): { readonly kind: ProblemKind; readonly problem: Problem } {
  if (cause instanceof InvalidWrite) {
    const { message } = cause
    return { kind: cause.kind, problem: say(() => ({ title: problems().unwritable, advice: message })) }
  }
  if (cause instanceof ClusterError) return { kind: cause.kind, problem: ofClusterError(cause, browser) }
  const why = cause instanceof Error ? cause.message : ''
  const unexpected = () => ({ title: problems().unexpected, advice: `${why} ${problems().reload}`.trim() })
  return { kind: 'Unknown', problem: say(unexpected) }
}

function ofClusterError(error: ClusterError, browser: Browser | undefined): Problem {
  // What the browser lacks explains more than the call that failed for it.
  const lack = browser && (error.kind === 'StorageFailed' || error.kind === 'TransportFailed') && lackOf(browser)
  if (lack) return lack
  if (error instanceof OpenTimeout) return late(error.step)
  if (error.kind === 'StorageFailed' && error.cause instanceof StorageError) return ofStorage(error.cause.kind)
  if (error.kind === 'TransportFailed' && error.cause instanceof TransportError) return ofTransport(error.cause.kind)
  return ofCluster(error.kind)
}

const late = (step: OpeningStep): Problem => say(() => problems().late[step])

const ofTransport = (kind: TransportErrorKind): Problem =>
  say(() => problems().transport[kind], kind === 'KeyReplaced' ? 'newRoom' : 'reload')

const ofStorage = (kind: StorageErrorKind): Problem =>
  say(() => problems().storage[kind], kind === 'QuotaExceeded' ? 'restart' : 'reload')

const ofCluster = (kind: ClusterErrorKind): Problem => say(() => problems().cluster[kind], remedyOf(kind))

function remedyOf(kind: ClusterErrorKind): Problem['remedy'] {
  switch (kind) {
    case 'InvalidRoom':
    case 'RoomFull':
    case 'NodesDamaged':
      return 'newRoom'
    case 'Crashed':
      return 'restart'
    case 'LeftBehind':
      return 'joinAgain'
    default:
      return 'reload'
  }
}

/** Why the room does not let this node in. */
function ofRefusal(refusal: JoinRefusal, id: NodeId): Problem {
  switch (refusal) {
    case 'RoomFull':
      return ofCluster('RoomFull')
    case 'Removed':
      return say(() => problems().removed, 'newRoom')
    case 'Waiting':
      return say(() => ({ title: problems().waiting.title, advice: problems().waiting.advice(doorCode(id)) }), 'wait')
    case 'Refused':
      return say(() => problems().refused, 'newRoom')
    default:
      return refusal satisfies never
  }
}

/** A node that stopped by itself: it must not go on, because it could forget what it promised, or break it. */
function ofFailure(failure: NodeFailure): Problem {
  switch (failure) {
    case 'MachineFailed':
    case 'Diverged':
    case 'LeftBehind':
      return ofCluster(failure)
    case 'InvariantBroken':
      return say(() => problems().invariant)
    default:
      return ofStorage(failure)
  }
}

/** What lasts, and whoever looks must know: of the node itself, of its way to the others, of its membership. */
export function lastingProblem(
  {
    id,
    state,
    failure,
    transportFailure,
    refusal,
    strangers,
    ignored,
    damaged,
    obstacles,
    members,
  }: Pick<
    ClusterStatus,
    | 'id'
    | 'state'
    | 'failure'
    | 'transportFailure'
    | 'refusal'
    | 'strangers'
    | 'ignored'
    | 'damaged'
    | 'obstacles'
    | 'members'
  >,
  browser: Browser,
): Problem | undefined {
  if (state === 'failed') return failure ? ofFailure(failure) : ofCluster('StorageFailed')
  if (state === 'crashed' || state === 'closed') return undefined
  // Then it is no wonder that nobody is reached.
  if (refusal === 'Removed') return ofRefusal(refusal, id)
  if (transportFailure) return lackOf(browser) ?? ofTransport(transportFailure)
  if (refusal) return ofRefusal(refusal, id)
  if (strangers.length > 0) return say(() => problems().twoClusters, 'newRoom')
  if (ignored.length > 0) return say(() => problems().misbehaves, 'wait')
  const inTheWay = worstObstacle(obstacles, members)
  if (inTheWay) return ofObstacle(inTheWay, members)
  return damaged.length > 0 ? say(() => problems().damaged, 'deleteDamaged') : undefined
}

/** Who has opened a link of a room that is there, and is let in by nobody. */
export const unanswered = (how: 'told' | 'warned'): Problem =>
  how === 'told' ? say(() => problems().unanswered, 'found') : say(() => problems().foundAnew, 'foundForSure')

/** Who is linked, or relayed, needs nothing; who only does not answer may just be gone. */
function worstObstacle(obstacles: readonly Obstacle[], members: readonly MemberStatus[]): Obstacle | undefined {
  const isAway = (peer: NodeId | undefined): boolean =>
    peer === undefined || (members.find(({ id }) => id === peer)?.link ?? 'none') === 'none'
  const somebodyIsMissing = members.length === 0 || members.some(({ voter, link }) => voter && link === 'none')
  return obstacles.find(
    ({ kind, peer }) => kind !== 'Silent' && isAway(peer) && (kind !== 'SignalingUnreachable' || somebodyIsMissing),
  )
}

function ofObstacle({ kind, peer }: Obstacle, members: readonly MemberStatus[]): Problem {
  const name = members.find(({ id }) => id === peer)?.name
  const remedy = kind === 'OtherVersion' ? 'reload' : 'wait'
  return say(() => {
    const { title, advice } = problems().obstacles[kind]
    return { title: title(name ?? problems().somebody), advice }
  }, remedy)
}
