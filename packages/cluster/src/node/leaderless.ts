/**
 * What a node has noticed while it knows of no leader: since when, and who has been heard meanwhile. A link that is up is no proof of life:
 * a frozen tab keeps its own. But voters without a leader ask one another for their votes, and answer, so one that says nothing is gone.
 */
import type { NodeId } from '@flotilla/core'

/** A voter campaigns after two at the latest, and one question may be lost. */
const SILENT_AFTER_TIMEOUTS = 4

export class Leaderless {
  /** When the last leader was lost; when this node started, while it has known none. */
  since: number
  #listeningSince = 0
  readonly #heardAt = new Map<NodeId, number>()

  constructor(now: number) {
    this.since = now
  }

  began(now: number): void {
    this.since = now
    this.#heardAt.clear()
  }

  /** Only asked of while there is no leader. */
  heard(from: NodeId, now: number): void {
    this.#heardAt.set(from, now)
  }

  /** Time passed here that nobody was listening in. */
  beginAnew(now: number): void {
    this.#heardAt.clear()
    this.#listeningSince = now
  }

  /** Voters that a voter would have heard of by now. */
  silent(voters: readonly NodeId[], now: number, electionTimeoutMs: number): readonly NodeId[] {
    const since = Math.max(this.since, this.#listeningSince)
    return voters.filter(id => now - (this.#heardAt.get(id) ?? since) > SILENT_AFTER_TIMEOUTS * electionTimeoutMs)
  }
}
