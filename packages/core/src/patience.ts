/**
 * The election timeout in force. Where a machine starves, everybody is late though nobody has failed, and with a timeout
 * that never changes a room holds one election after the other, each of which makes it slower still.
 *
 * So what was late is remembered: this node's own timer, a leader's next word, a follower's next answer, a vote. The timeout is
 * twice the longest such wait, within `electionTimeoutStretch`; no single wait more than doubles it, and what is over is
 * forgotten little by little. It is never shorter than `electionTimeoutMs`, which is what leases rest on (lease.ts).
 */
import type { RaftOptions } from './options.ts'

const TIMEOUT_PER_WAIT = 2
/** Of a wait, for each millisecond since. */
const FORGOTTEN_PER_MS = 1 / 16

export class Patience {
  private readonly leastMs: number
  private readonly mostMs: number
  /** Waits for less are part of any day. */
  private readonly lateMs: number
  /** As of `since`; 0 for none that counts. */
  private longestWaitMs = 0
  private since = 0

  constructor({ electionTimeoutMs, electionTimeoutStretch }: RaftOptions) {
    this.leastMs = electionTimeoutMs
    this.mostMs = electionTimeoutMs * electionTimeoutStretch
    this.lateMs = electionTimeoutStretch > 1 ? electionTimeoutMs / TIMEOUT_PER_WAIT : Number.POSITIVE_INFINITY
  }

  isLate(waitMs: number): boolean {
    return waitMs > this.lateMs
  }

  /** Something came after this long that comes with every heartbeat on other days, or so much later than it was due. */
  waited(waitMs: number, now: number): void {
    if (!this.isLate(waitMs)) return
    const timeoutMs = this.electionTimeoutMs(now)
    const longestWaitMs = Math.min(waitMs, timeoutMs, this.mostMs / TIMEOUT_PER_WAIT)
    if (longestWaitMs * TIMEOUT_PER_WAIT <= timeoutMs) return
    this.longestWaitMs = longestWaitMs
    this.since = now
  }

  electionTimeoutMs(now: number): number {
    if (this.longestWaitMs === 0) return this.leastMs
    const timeoutMs = (this.longestWaitMs - (now - this.since) * FORGOTTEN_PER_MS) * TIMEOUT_PER_WAIT
    if (timeoutMs > this.leastMs) return timeoutMs
    this.longestWaitMs = 0
    return this.leastMs
  }
}
