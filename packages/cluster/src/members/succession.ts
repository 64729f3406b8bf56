/** A leader whose tab is closing hands over within the call: there will be no later (dissertation §3.10). */
import { type FollowerStatus, majorityOf, type NodeId } from '@flotilla/core'
import type { Links } from '../links/links.ts'
import type { Steps } from './leaders-changes.ts'
import { compareMerits, type Merit, type Merits } from './merits.ts'

export interface Succession {
  readonly runtime: Steps
  readonly links: Links
  readonly now: number
  /** Who answered within this long is alive. */
  readonly aliveWithinMs: number
  /** Those who said goodbye themselves. */
  readonly away: ReadonlyMap<NodeId, number>
  readonly minVoters: number
  readonly merits: Merits
}

/** Nobody will be there to hear that the successor has the whole log: it is told to campaign right behind the last of it. */
export function handOverAtOnce(succession: Succession): void {
  const { runtime } = succession
  if (runtime.status().role !== 'leader') return
  const successor = findSuccessor(succession)
  if (successor === undefined) return
  ceaseToCount(succession)
  runtime.step({ type: 'transferLeadership', to: successor.id, atOnce: true })
  runtime.drainNow()
}

/**
 * Where those who stay are no majority, nobody could be elected, and nobody could ever demote the one who left. So it stops
 * counting before it goes, if that helps: the new configuration is in force as soon as the successor appends it (dissertation §4.1).
 */
function ceaseToCount({ runtime, away, minVoters }: Succession): void {
  const { voters } = runtime.status().configuration
  const staying = voters.filter(id => id !== runtime.id && !away.has(id)).length
  const isStuck = staying < majorityOf(voters.length)
  if (!isStuck || staying < majorityOf(voters.length - 1) || voters.length - 1 < minVoters) return
  runtime.step({ type: 'changeMembership', changes: [{ type: 'demote', id: runtime.id }] })
}

/** Of the voters that are really there, the one whose tab stands best; among equals, the one with the longest log. */
export function findSuccessor({
  runtime,
  links,
  now,
  aliveWithinMs,
  away,
  merits,
}: Succession): FollowerStatus | undefined {
  const { followers, configuration } = runtime.status()
  const meritOf = (id: NodeId): Merit => merits.of(id) ?? { visible: true, priority: 0 }
  return followers
    .filter(({ id }) => configuration.voters.includes(id) && links.reaches(id) && !away.has(id))
    .filter(({ lastHeardAt }) => lastHeardAt !== undefined && now - lastHeardAt < aliveWithinMs)
    .toSorted((a, b) => compareMerits(meritOf(b.id), meritOf(a.id)) || b.matchIndex - a.matchIndex)[0]
}
