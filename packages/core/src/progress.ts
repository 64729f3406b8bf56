/** What a leader knows of one follower, and how it sends to it (§5.3; pipelining: dissertation §10.2.1). */
import { InflightWindow } from './inflight-window.ts'
import type { NodeId } from './membership.ts'
import type { RaftOptions } from './options.ts'
import type { OutgoingSnapshot } from './outgoing-snapshot.ts'

/** How much longer than the first time a stalled follower is left alone between two tries. */
const MOST_PATIENCE = 16

/**
 * - `probe`: where the logs agree is not known yet; one AppendEntries at a time.
 * - `replicate`: it is known; AppendEntries are sent ahead of the answers, within the inflight window.
 * - `snapshot`: the follower needs entries that are compacted; a snapshot is under way.
 */
export type ProgressState = 'probe' | 'replicate' | 'snapshot'

export class Progress {
  readonly id: NodeId
  /** The log is known to be replicated there, durably, up to here. Never falls. */
  matchIndex = 0
  /** The next entry to send. Always > matchIndex. */
  nextIndex: number
  state: ProgressState = 'probe'
  /** While probing: a probe is out, wait for its answer (or the next heartbeat). */
  probeSent = false
  readonly inflight: InflightWindow
  /** When the oldest AppendEntries under way was sent, or the window last moved. */
  inflightSince = 0
  /** The greatest commit index that this follower has been sent and could take over. */
  sentCommit = 0
  /** Answers to rounds before this one are from before the follower was (re-)added: not believed. */
  readonly firstRound: number
  /** The greatest round answered: it heard this leader after that round began. */
  ackedRound = 0
  lastHeardAt: number | undefined
  awaitedSince = Number.NEGATIVE_INFINITY
  /** While a snapshot is under way. It begins when the follower is there: a silent one is sent none, and none is kept for it. */
  outgoing: OutgoingSnapshot | undefined = undefined
  /** How often one entry was sent to see whether what is under way was lost, or waits for a slow link or disk; 0 if that is no question. */
  stalls = 0
  private stalledInRound = 0
  /** Where sending goes on if it was not lost. */
  private nextBeforeStall = 0
  private tryAgainAt = 0
  /** How long the last step forward took: this one may take as long. */
  private stepMs = 0

  constructor(id: NodeId, nextIndex: number, firstRound: number, options: RaftOptions) {
    this.id = id
    this.nextIndex = nextIndex
    this.firstRound = firstRound
    this.inflight = new InflightWindow(options.maxInflightMessages, options.maxInflightBytes)
  }

  becomeProbe(nextIndex: number): void {
    this.state = 'probe'
    this.nextIndex = Math.max(nextIndex, this.matchIndex + 1)
    this.probeSent = false
    this.stalls = 0
    this.inflight.clear()
  }

  /** Whether nothing under way has been acknowledged for longer than that should take. A slow link is given the time that it takes. */
  isOverdue(now: number, patienceMs: number): boolean {
    const patience = Math.min(Math.max(patienceMs, 2 * this.stepMs), MOST_PATIENCE * patienceMs)
    return this.inflight.count > 0 && now - this.inflightSince >= patience
  }

  /**
   * The follower is there, but acknowledges nothing of what is under way. A window full of it again and again would only add
   * to what a slow link or disk has to do; one entry shows which it is, `round` being the first that it can have.
   */
  becomeStalled(now: number, patienceMs: number, round: number): void {
    this.state = 'probe'
    this.nextBeforeStall = this.nextIndex
    this.nextIndex = this.matchIndex + 1
    this.stalledInRound = round
    this.tryOneEntry(now, patienceMs)
  }

  /** Whether to send that one entry again: less and less often. */
  isWorthAnotherTry(now: number): boolean {
    return this.stalls > 0 && now >= this.tryAgainAt
  }

  tryOneEntry(now: number, patienceMs: number): void {
    this.probeSent = false
    this.tryAgainAt = now + patienceMs * Math.min(2 ** this.stalls, MOST_PATIENCE)
    this.stalls++
  }

  /** Has it durably up to `matchIndex`: says whether that is news. `round` is that of what it answers. */
  onMatched(matchIndex: number, round: number, now: number): boolean {
    if (matchIndex <= this.matchIndex) return false
    if (this.inflight.count > 0) this.stepMs = now - this.inflightSince
    this.inflightSince = now
    this.matchIndex = matchIndex
    this.inflight.freeUpTo(matchIndex)
    if (this.stalls > 0 && round < this.stalledInRound) {
      // It was under way all the time, and so is the rest.
      this.state = 'replicate'
      this.nextIndex = this.nextBeforeStall
      this.stalls = 0
    }
    if (this.nextIndex <= matchIndex) this.nextIndex = matchIndex + 1
    return true
  }

  becomeReplicate(): void {
    this.state = 'replicate'
    this.nextIndex = this.matchIndex + 1
    this.outgoing = undefined
    this.stalls = 0
    this.inflight.clear()
  }

  becomeSnapshot(): void {
    this.state = 'snapshot'
    this.outgoing = undefined
    this.stalls = 0
    this.inflight.clear()
  }

  isHeardSince(time: number): boolean {
    return this.lastHeardAt !== undefined && this.lastHeardAt > time
  }
}
