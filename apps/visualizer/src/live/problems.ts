/** Every way in which something can fail, in words for the person before the screen: what happened, and what to do. */
import { ClusterError, type ClusterErrorKind, type NodeFailure } from '@flotilla/cluster'
import { InvalidWrite } from '../machine/invalid-write.ts'
import type { Problem } from '../store/live-store.ts'

export type ProblemKind = ClusterErrorKind | InvalidWrite['kind'] | 'Unknown'

export function problemOf(cause: unknown): { readonly kind: ProblemKind; readonly problem: Problem } {
  if (cause instanceof InvalidWrite)
    return { kind: cause.kind, problem: { title: 'This cannot be written.', advice: cause.message } }
  if (cause instanceof ClusterError) return { kind: cause.kind, problem: PROBLEMS[cause.kind] }
  const advice = cause instanceof Error ? cause.message : 'Reload the page.'
  return { kind: 'Unknown', problem: { title: 'Something unexpected went wrong.', advice } }
}

const PROBLEMS: Record<ClusterErrorKind, Problem> = {
  InvalidRoom: {
    title: 'This room’s name cannot be used.',
    advice: 'Up to 64 letters, digits, - and _. Change it in the address.',
  },
  AlreadyExists: { title: 'This room exists already.', advice: 'Open it instead.' },
  Timeout: { title: 'No answer in time.', advice: 'Is a majority in reach? The write may still commit once it is.' },
  NotLeader: { title: 'This node does not lead.', advice: 'Ask the leader.' },
  Overloaded: { title: 'Too much is under way.', advice: 'Wait a moment, then write again.' },
  TooLarge: { title: 'This is too long for one entry.', advice: 'Write something shorter.' },
  InvalidOptions: { title: 'This was asked for in a way that makes no sense.', advice: 'Reload the page.' },
  InvalidCommand: { title: 'This cannot be written.', advice: 'Write something else.' },
  ResultLost: { title: 'It was written, but the answer is lost.', advice: 'Read the value to see it.' },
  MachineFailed: {
    title: 'This node cannot take up the room’s state.',
    advice: 'The other tabs may run a newer version of this page. Reload it.',
  },
  Rejected: { title: 'The state machine refused it.', advice: 'It had no effect on any node.' },
  MembershipRefused: { title: 'The members cannot be changed now.', advice: 'Try again in a moment.' },
  RoomFull: { title: 'The room is full.', advice: 'Close a tab of it that nobody needs, or remove a member.' },
  TransferRefused: { title: 'Leadership cannot be handed over now.', advice: 'Try again in a moment.' },
  SessionExpired: {
    title: 'This node was away for too long.',
    advice: 'It cannot be told whether the write took effect: read the value, then decide.',
  },
  Crashed: { title: 'This tab’s node has crashed.', advice: 'Start it again. The write may still commit.' },
  Closed: { title: 'This node has left the room.', advice: 'Reload the page.' },
  StorageFailed: {
    title: 'This browser does not let the node store anything.',
    advice: 'Leave private browsing, make room on the disk, or allow this site to store data; then try again.',
  },
  TransportFailed: {
    title: 'No other tab can be reached.',
    advice: 'This browser, or a setting of it, forbids WebRTC connections. Allow them, then try again.',
  },
  OpenTimeout: {
    title: 'The room did not open in time.',
    advice: 'This browser’s storage, or its network, does not answer. Close other tabs of the room, then try again.',
  },
  Aborted: { title: 'Opening the room was given up.', advice: 'Reload the page to try again.' },
  NodesDamaged: {
    title: 'What this browser has stored of the room cannot be read.',
    advice: 'Nothing was changed. Tabs of other browsers go on without it; a new room begins afresh.',
  },
}

/** A node that stopped by itself, most often because its database failed: it must not go on, because it could forget what it promised. */
export function failureProblem(kind: NodeFailure | undefined): Problem {
  const title = 'This node stopped, because its database failed.'
  switch (kind) {
    case 'MachineFailed':
      return PROBLEMS.MachineFailed
    case 'InvariantBroken':
      return {
        title: 'This node stopped itself: one of Raft’s own rules did not hold.',
        advice:
          'That is a mistake in this program; what is committed is safe with the others. Reload the page to go on.',
      }
    case 'QuotaExceeded':
      return { title, advice: 'The disk, or this site’s share of it, is full. Make room, then start the node again.' }
    case 'Fenced':
      return { title: 'Another tab has taken this node over.', advice: 'Reload this page to become another node.' }
    case 'Corrupt':
      return {
        title,
        advice:
          'What it holds cannot be read. Reload to go on as another node; the room’s other nodes are not touched.',
      }
    default:
      return { title, advice: 'It was deleted, or the browser closed it. Start the node again, or reload the page.' }
  }
}
