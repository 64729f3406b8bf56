/** What an application may ask for when it opens a room: checked before anything is touched, because what is wrong here is a mistake in a program. */
import { ClusterError, type ClusterOptions } from '../api.ts'
import { MAX_SESSIONS } from '../clients/sessions.ts'
import { checkAutopilot } from '../members/autopilot-options.ts'
import { isNodeId, isRoomName } from '../wire/identity.ts'
import { MAX_PRIORITY } from '../wire/limits.ts'
import { checkRaftOptions } from './raft-options.ts'

export const DEFAULT_OPEN_TIMEOUT_MS = 20_000
export const DEFAULT_DIGEST_EVERY_ENTRIES = 4096

/** @throws ClusterError `InvalidRoom`, and RangeError for any number out of its bounds. */
export function checkOptions({
  room,
  ...numbers
}: Pick<ClusterOptions<never, never>, 'room'> & Parameters<typeof checkNumbers>[0]): void {
  checkRoomName(room)
  checkNumbers(numbers)
}

/** @throws RangeError for any number out of its bounds, TypeError for what is no options. */
export function checkNumbers({
  priority = 0,
  openTimeoutMs = DEFAULT_OPEN_TIMEOUT_MS,
  digestEveryEntries = DEFAULT_DIGEST_EVERY_ENTRIES,
  maxSessions = MAX_SESSIONS,
  autopilot,
  raft,
}: Pick<
  ClusterOptions<never, never>,
  'priority' | 'openTimeoutMs' | 'digestEveryEntries' | 'maxSessions' | 'autopilot' | 'raft'
>): void {
  if (!(Number.isInteger(priority) && priority >= 0 && priority <= MAX_PRIORITY)) {
    throw new RangeError(`priority must be a whole number from 0 to ${MAX_PRIORITY}, not ${String(priority)}`)
  }
  if (!(typeof openTimeoutMs === 'number' && openTimeoutMs > 0)) {
    throw new RangeError(`openTimeoutMs must be greater than 0, not ${String(openTimeoutMs)}`)
  }
  if (!(Number.isSafeInteger(digestEveryEntries) && digestEveryEntries >= 0)) {
    throw new RangeError(`digestEveryEntries must be a whole number from 0, not ${String(digestEveryEntries)}`)
  }
  if (!(Number.isSafeInteger(maxSessions) && maxSessions >= 1 && maxSessions <= MAX_SESSIONS)) {
    throw new RangeError(`maxSessions must be a whole number from 1 to ${MAX_SESSIONS}, not ${String(maxSessions)}`)
  }
  checkAutopilot(autopilot)
  checkRaftOptions(raft)
}

/** @throws ClusterError `MembershipRefused` for what cannot be the name of a node. */
export function checkNodeId(id: unknown): void {
  if (isNodeId(id)) return
  throw new ClusterError('MembershipRefused', 'a node is named by 1 to 64 of A–Z a–z 0–9 - _')
}

/** @throws ClusterError `InvalidRoom` */
export function checkRoomName(room: string): void {
  if (!isRoomName(room)) throw new ClusterError('InvalidRoom', 'a room is named by 1 to 64 of A–Z a–z 0–9 - _')
}
