/**
 * Priorities (dissertation §3.10: "in some cases, one or more servers may be more suitable to lead the cluster than
 * others"): whom a leader that is not the best one should hand over to. Pure, like the autopilot beside it.
 */
import type { NodeId } from '@flotilla/core'
import { isInTransition, isReady, type Room } from './autopilot.ts'
import { compareMerits, type Merit } from './merits.ts'

/**
 * The voter of the greatest merit, if that is better than this leader's own: alive, caught up, and, among equals, the one with
 * the longest log. Nobody is preferred who has not said how it stands.
 */
export function preferredLeader(
  room: Room,
  own: Merit,
  meritOf: (node: NodeId) => Merit | undefined,
): NodeId | undefined {
  const { status } = room
  if (isInTransition(status)) return undefined
  let best: { readonly id: NodeId; readonly merit: Merit; readonly matchIndex: number } | undefined
  for (const follower of status.followers) {
    const { id, matchIndex } = follower
    if (!status.configuration.voters.includes(id) || !isReady(room, follower)) continue
    const merit = meritOf(id)
    if (merit === undefined || compareMerits(merit, own) <= 0) continue
    const lead = best === undefined ? 1 : compareMerits(merit, best.merit) || matchIndex - best.matchIndex
    if (lead > 0) best = { id, merit, matchIndex }
  }
  return best?.id
}
