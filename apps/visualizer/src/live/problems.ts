/** Every way in which something can fail, in words for the person before the screen: what happened, and what helps. */
import {
  ClusterError,
  type ClusterErrorKind,
  type ClusterStatus,
  type JoinRefusal,
  type NodeFailure,
  type OpeningStep,
  OpenTimeout,
  StorageError,
  type StorageErrorKind,
  TransportError,
  type TransportErrorKind,
} from '@flotilla/cluster'
import { InvalidWrite } from '../machine/invalid-write.ts'
import { doorCode } from '../room/door-code.ts'
import type { Problem, ProblemKind } from '../store/live-store.ts'
import { type Browser, lackOf } from './browser.ts'

export function problemOf(
  cause: unknown,
  browser?: Browser,
): { readonly kind: ProblemKind; readonly problem: Problem } {
  if (cause instanceof InvalidWrite) return { kind: cause.kind, problem: say('This cannot be written.', cause.message) }
  if (cause instanceof ClusterError) return { kind: cause.kind, problem: ofClusterError(cause, browser) }
  const advice = cause instanceof Error ? `${cause.message} Reload the page.` : 'Reload the page.'
  return { kind: 'Unknown', problem: say('Something unexpected went wrong.', advice) }
}

function say(title: string, advice: string, remedy: Problem['remedy'] = 'reload'): Problem {
  return { title, advice, remedy }
}

function ofClusterError(error: ClusterError, browser: Browser | undefined): Problem {
  // What the browser lacks explains more than the call that failed for it.
  const lack = browser && (error.kind === 'StorageFailed' || error.kind === 'TransportFailed') && lackOf(browser)
  if (lack) return lack
  if (error instanceof OpenTimeout) return LATE[error.step]
  if (error.kind === 'StorageFailed' && error.cause instanceof StorageError) return STORAGE[error.cause.kind]
  if (error.kind === 'TransportFailed' && error.cause instanceof TransportError) return TRANSPORT[error.cause.kind]
  return PROBLEMS[error.kind]
}

const PROBLEMS: Record<ClusterErrorKind, Problem> = {
  InvalidRoom: say(
    'This room’s name cannot be used.',
    'A name has 1 to 64 letters, digits, - and _. Change it in the address, or take a new room.',
    'newRoom',
  ),
  AlreadyExists: say('This room exists already.', 'Open it instead.'),
  Timeout: say('No answer in time.', 'Is a majority in reach? The write may still commit once it is.'),
  NotLeader: say('No leader took it.', 'It has no effect. Try again once there is a leader.'),
  Overloaded: say('Too much is under way.', 'It has no effect. Wait a moment, then write again.'),
  TooLarge: say('This is too long for one entry.', 'Write something shorter.'),
  InvalidOptions: say('This was asked for in a way that makes no sense.', 'Nothing was sent. Reload the page.'),
  InvalidCommand: say('This cannot be written.', 'Nothing was sent. Write something else.'),
  Rejected: say('The state machine refused it.', 'It had no effect on any node.'),
  ResultLost: say('It was written, but the answer is lost.', 'Read the value to see it.'),
  MachineFailed: say(
    'This node cannot take up the room’s state.',
    'Other tabs may run a newer version of this page. Reload it.',
  ),
  MembershipRefused: say('The members cannot be changed now.', 'Try again in a moment.'),
  RoomFull: say('This room is full.', 'It has as many members as a room may have. Take a new room.', 'newRoom'),
  TransferRefused: say('Leadership cannot be handed over now.', 'Try again in a moment.'),
  SessionExpired: say(
    'This node was away for too long.',
    'It cannot be told whether the write took effect: read the value, then decide.',
  ),
  Crashed: say('This tab’s node has crashed.', 'Start it again. The write may still commit.', 'restart'),
  Closed: say('This node has left the room.', 'Reload the page.'),
  StorageFailed: say(
    'This browser does not let the node store anything.',
    'Leave private browsing, or allow this site to store data; then try again.',
  ),
  TransportFailed: say('No other tab can be reached.', 'Try again; if that does not help, restart the browser.'),
  OpenTimeout: say('The room did not open in time.', 'Try again; if that does not help, restart the browser.'),
  Aborted: say('Opening the room was given up.', 'Try again.'),
  NodesDamaged: say(
    'What this browser has stored of the room cannot be read.',
    'Nothing was changed, and tabs of other browsers go on without it. A new room begins afresh.',
    'newRoom',
  ),
}

const LATE: Record<OpeningStep, Problem> = {
  lock: say(
    'Another tab of this browser keeps the room’s door.',
    'It began to open the room and does not go on. Close the room’s other tabs that do not answer, then try again.',
  ),
  disk: say(
    'This browser’s database does not answer.',
    'What is stored is not lost. Close the room’s other tabs and try again; if that does not help, restart the browser.',
  ),
  transport: say(
    'The way to the other tabs does not open.',
    'What is stored is not lost. Try again; if that does not help, restart the browser.',
  ),
}

const STORAGE: Record<StorageErrorKind, Problem> = {
  Fenced: say('Another tab has taken this node over.', 'Reload the page to become another node.'),
  QuotaExceeded: say(
    'There is no room left on the disk.',
    'The disk, or this site’s share of it, is full. Make room, then try again.',
    'restart',
  ),
  Unavailable: say(
    'This node’s database is gone, or cannot be used.',
    'It was deleted, or the browser closed it or forbids it. Reload the page: it opens what there is, or becomes a new node.',
  ),
  Corrupt: say(
    'This node’s database cannot be read.',
    'Reload the page to go on as another node. The room’s other nodes are not touched.',
  ),
  NewerVersion: say(
    'A newer version of this page has stored this room.',
    'Reload the page to get that version. Nothing was changed.',
  ),
  Exists: say('This node exists already.', 'Reload the page.'),
  Closed: say('This node’s database was closed.', 'Reload the page.'),
}

const TRANSPORT: Record<TransportErrorKind, Problem> = {
  Unsupported: say(
    'No other tab can be reached.',
    'This browser, or a setting or an extension of it, forbids WebRTC connections. Allow them, then reload.',
  ),
  SignalingFailed: say(
    'The room’s tabs cannot find each other.',
    'The way by which they do, a channel of the browser or a server, does not open. It is tried again.',
  ),
  Timeout: say('The way to the other tabs does not open.', 'It is tried again.'),
  Aborted: say('The way to the other tabs was given up.', 'Reload the page.'),
  Closed: say('The way to the other tabs is closed.', 'Reload the page.'),
}

const REFUSALS: Record<JoinRefusal, Problem> = {
  RoomFull: PROBLEMS.RoomFull,
  Removed: say(
    'This node was removed from the room.',
    'Whoever removed it can let it in again. Until then it stays outside; a new room is open to everybody.',
    'newRoom',
  ),
  Waiting: say(
    'You wait to be let in.',
    'Somebody in the room has to agree. Their page asks them, and shows the code of this one.',
    'wait',
  ),
  Refused: say(
    'You were not let in.',
    'Somebody in the room was asked, and said no. Ask them, or take a new room.',
    'newRoom',
  ),
}

/** A node that stopped by itself: it must not go on, because it could forget what it promised, or break it. */
function failureProblem(failure: NodeFailure): Problem {
  switch (failure) {
    case 'MachineFailed':
      return PROBLEMS.MachineFailed
    case 'InvariantBroken':
      return say(
        'This node stopped itself: one of Raft’s own rules did not hold.',
        'That is a mistake in this program; what is committed is safe with the others. Reload the page to go on.',
      )
    default:
      return STORAGE[failure]
  }
}

const TWO_CLUSTERS = say(
  'This room exists twice.',
  'Somebody in reach belongs to another cluster of it, made while the two could not reach each other. They do not mix: agree on one and close the tabs of the other, or go to a new room together.',
  'newRoom',
)

const DAMAGED = say(
  'Something that this browser stored of the room cannot be read.',
  'It was passed over, and this tab goes on without it; what is committed is with the others. Delete it, or keep it for somebody who can look into it.',
  'deleteDamaged',
)

/** What lasts, and whoever looks must know: of the node itself, of its way to the others, of its membership. */
export function lastingProblem(
  {
    id,
    state,
    failure,
    transportFailure,
    refusal,
    strangers,
    damaged,
  }: Pick<ClusterStatus, 'id' | 'state' | 'failure' | 'transportFailure' | 'refusal' | 'strangers' | 'damaged'>,
  browser: Browser,
): Problem | undefined {
  if (state === 'failed') return failure ? failureProblem(failure) : PROBLEMS.StorageFailed
  if (state === 'crashed' || state === 'closed') return undefined
  if (transportFailure) return lackOf(browser) ?? TRANSPORT[transportFailure]
  if (refusal === 'Waiting') return { ...REFUSALS.Waiting, advice: `${REFUSALS.Waiting.advice} It is ${doorCode(id)}.` }
  if (refusal) return REFUSALS[refusal]
  if (strangers.length > 0) return TWO_CLUSTERS
  return damaged.length > 0 ? DAMAGED : undefined
}
