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

/** Nobody will be there to hear that the successor has the whole log: it is told to campaign right behind the last of it. */
export function handOverAtOnce(succession: Succession): void {
  const { runtime } = succession
  if (runtime.status().role !== 'leader') return
  const successor = findSuccessor(succession)
  if (successor === undefined) return
  runtime.step({ type: 'transferLeadership', to: successor.id, atOnce: true })
  runtime.drainNow()
}

/** The voter with the longest log, of those that are really there. */
function findSuccessor({ runtime, links, now, aliveWithinMs, away }: Succession): FollowerStatus | undefined {
  const { followers, configuration } = runtime.status()
  return followers
    .filter(({ id }) => configuration.voters.includes(id) && links.reaches(id) && !away.has(id))
    .filter(({ lastHeardAt }) => lastHeardAt !== undefined && now - lastHeardAt <= aliveWithinMs)
    .toSorted((a, b) => b.matchIndex - a.matchIndex)[0]
}
