/**
 * Priorities (dissertation §3.10: "in some cases, one or more servers may be more suitable to lead the cluster than
 * others"): whom a leader that is not the best one should hand over to. Pure, like the autopilot beside it.
 */
import type { NodeId } from '@flotilla/core'
import { isInTransition, isReady, type Room } from './autopilot.ts'
import { compareStandings, type Standing } from './standings.ts'

/**
 * The voter of the best standing, if that is better than this leader's own: alive, caught up, and, among equals, the one with
 * the longest log. Nobody is preferred who has not said how it stands.
 */
export function preferredLeader(
  room: Room,
  own: Standing,
  standingOf: (node: NodeId) => Standing | undefined,
): NodeId | undefined {
  const { status } = room
  if (isInTransition(status)) return undefined
  let best: { readonly id: NodeId; readonly standing: Standing; readonly matchIndex: number } | undefined
  for (const follower of status.followers) {
    const { id, matchIndex } = follower
    if (!status.configuration.voters.includes(id) || !isReady(room, follower)) continue
    const standing = standingOf(id)
    if (standing === undefined || compareStandings(standing, own) <= 0) continue
    const lead = best === undefined ? 1 : compareStandings(standing, best.standing) || matchIndex - best.matchIndex
    if (lead > 0) best = { id, standing, matchIndex }
  }
  return best?.id
}
