/** A leader whose tab is closing hands over within the call: there will be no later (dissertation §3.10). */
import type { FollowerStatus, NodeId } from '@flotilla/core'
import type { Links } from './links.ts'
import type { Runtime } from './runtime.ts'

export interface Succession {
  readonly runtime: Runtime
  readonly links: Links
  readonly now: number
  /** Who answered within this long is alive. */
  readonly aliveWithinMs: number
  /** Those who said goodbye themselves. */
  readonly away: ReadonlyMap<NodeId, number>
}

/**
 * Core sends TimeoutNow once the successor has the whole log, which a busy leader's never quite has: what it lacks is on
 * its way. Nobody will be there to hear that it arrived, so the successor is told to campaign right behind it. Should that
 * come too early, the election is lost, and another follows as if nobody had said anything.
 */
export function handOverAtOnce(succession: Succession): void {
  const { runtime, links } = succession
  if (runtime.status().role !== 'leader') return
  const successor = findSuccessor(succession)
  if (successor === undefined) return
  runtime.step({ type: 'transferLeadership', to: successor.id })
  runtime.drainNow()
  const { currentTerm, lastIndex, role } = runtime.status()
  if (role !== 'leader' || successor.matchIndex === lastIndex) return
  // In the lane of the entries, so as not to overtake them.
  links.sendMessage({ type: 'TimeoutNow', from: runtime.id, to: successor.id, term: currentTerm }, 'normal')
}

/** The voter with the longest log, of those that are really there. */
function findSuccessor({ runtime, links, now, aliveWithinMs, away }: Succession): FollowerStatus | undefined {
  const { followers, configuration } = runtime.status()
  return followers
    .filter(({ id }) => configuration.voters.includes(id) && links.reaches(id) && !away.has(id))
    .filter(({ lastHeardAt }) => lastHeardAt !== undefined && now - lastHeardAt <= aliveWithinMs)
    .toSorted((a, b) => b.matchIndex - a.matchIndex)[0]
}
