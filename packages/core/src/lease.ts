/**
 * Leases (dissertation §6.4.1): while a majority has been heard so lately that none of it may elect anyone else, a leader
 * reads without asking again. Off unless the host declares its clocks safe (`options.ts`).
 *
 * Followers make leases safe: whoever hears from a leader helps to elect nobody for an election timeout (§4.2.3). That
 * promise must outlive a restart, so a node that does not know when it last heard a leader supposes that it was just now.
 * A transfer breaks the promise on purpose, and TimeoutNow may arrive at any time: it ends the lease for the whole term.
 */
import type { Leadership } from './leadership.ts'
import { jointVoteResult } from './quorum.ts'
import type { Raft } from './raft.ts'

export class Lease {
  /** When each recent round began: nothing that carries its number was sent before. Oldest first. */
  private readonly roundStarts = new Map<number, number>()
  private ended = false

  roundBegan(round: number, { now, options }: Raft): void {
    for (const [old, startedAt] of this.roundStarts) {
      if (now - startedAt < options.electionTimeoutMs) break
      this.roundStarts.delete(old)
    }
    this.roundStarts.set(round, now)
  }

  /** Before leadership is handed over, for as long as this leader leads. */
  end(): void {
    this.ended = true
  }

  /** Counted from when the heartbeats were sent that a majority answered: their receivers promised later, so for longer. */
  isHeld(raft: Raft, leadership: Leadership): boolean {
    const { options, configuration, id, now } = raft
    if (!options.leaseReads || this.ended) return false
    const lastsMs = options.electionTimeoutMs / options.clockDriftBound
    const heard = jointVoteResult(configuration, voter => {
      if (voter === id) return true
      const sentAt = this.roundStarts.get(leadership.follower(voter)?.ackedRound ?? 0)
      return sentAt !== undefined && now - sentAt < lastsMs
    })
    return heard === 'won'
  }
}

/** What this node promised to a leader before it started, or was frozen, it does not know: where leases are, it keeps the most it can have. */
export function forgetWhenHeard(raft: Raft): void {
  raft.leaderHeardAt = raft.options.leaseReads ? raft.now : Number.NEGATIVE_INFINITY
}
