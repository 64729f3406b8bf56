/**
 * How far a peer may raise this node's term. Whoever speaks of a higher term is believed (figure 2 of the paper), so a member that
 * lies could bring all to the last term there is, and end all elections for good. An honest room makes a term an election, and one
 * that had elections for days while this node was away is far ahead by right. So a raise is never refused for good: up to `BURST`
 * it is taken at once, and what is beyond has to wait, a second for every `A_SECOND` terms. What no room reaches in a lifetime is a lie.
 */
import type { NodeId } from '@flotilla/core'

/** Terms by which one peer may raise ours at once: hours of elections without a pause. */
export const BURST = 10_000
/** And so many more each second. */
export const A_SECOND = 100
/** Elections without a pause for ten years. Who speaks of a term so far ahead is not listened to any more. */
export const NO_ROOM_IS_AHEAD_BY = 2 ** 29

export type Verdict = 'taken' | 'too soon' | 'a lie'

interface Credit {
  terms: number
  at: number
  /** It has asked for more than it had: what it gains now is not lost, or a room far ahead would never be heard. */
  isWaiting: boolean
}

export class TermAllowance {
  readonly #credits = new Map<NodeId, Credit>()

  /** @param by how far its term is above ours, > 0 */
  take(from: NodeId, by: number, now: number): Verdict {
    if (by >= NO_ROOM_IS_AHEAD_BY) return 'a lie'
    const credit = this.#creditOf(from, now)
    if (by > credit.terms) {
      credit.isWaiting = true
      return 'too soon'
    }
    credit.isWaiting = false
    credit.terms = Math.min(credit.terms - by, BURST)
    return 'taken'
  }

  #creditOf(from: NodeId, now: number): Credit {
    const credit = this.#credits.get(from) ?? { terms: BURST, at: now, isWaiting: false }
    const gained = credit.terms + (Math.max(0, now - credit.at) / 1_000) * A_SECOND
    credit.terms = credit.isWaiting ? gained : Math.min(gained, BURST)
    credit.at = now
    this.#credits.delete(from)
    this.#credits.set(from, credit)
    for (const oldest of this.#credits.keys()) {
      if (this.#credits.size <= MAX_REMEMBERED) break
      this.#credits.delete(oldest)
    }
    return credit
  }
}

/** More than a room has members. */
const MAX_REMEMBERED = 256
