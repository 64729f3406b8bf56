/**
 * Leases (dissertation §6.4.1): while a majority has been heard so lately that none of it may elect anyone else, a leader
 * reads without asking again. Off unless the host declares its clocks safe (`options.ts`).
 *
 * Followers make leases safe: whoever hears from a leader helps to elect nobody for an election timeout (§4.2.3). That
 * promise must outlive a restart, so a node that does not know when it last heard a leader supposes that it was just now.
 * A transfer breaks the promise on purpose, and TimeoutNow may arrive at any time: it ends the lease for the whole term.
 */
import type { RaftOptions } from './options.ts'

export class Lease {
  /** When each recent round began: nothing that carries its number was sent before. Oldest first. */
  private readonly roundStarts = new Map<number, number>()
  private ended = false
  private readonly electionTimeoutMs: number
  private readonly lastsMs: number

  constructor({ electionTimeoutMs, clockDriftBound }: RaftOptions) {
    this.electionTimeoutMs = electionTimeoutMs
    this.lastsMs = electionTimeoutMs / clockDriftBound
  }

  roundBegan(round: number, now: number): void {
    for (const [old, startedAt] of this.roundStarts) {
      if (now - startedAt < this.electionTimeoutMs) break
      this.roundStarts.delete(old)
    }
    this.roundStarts.set(round, now)
  }

  /** Before leadership is handed over, for as long as this leader leads. */
  end(): void {
    this.ended = true
  }

  /** Whether who has answered `round` elects nobody else yet. Counted from when the round began: the promise is younger. */
  isCoveredBy(round: number, now: number): boolean {
    const sentAt = this.roundStarts.get(round)
    return !this.ended && sentAt !== undefined && now - sentAt < this.lastsMs
  }
}
