/**
 * Whether more happens than anybody can follow. Then the processor is Raft's, and the picture asks for less of it: it is
 * drawn, rendered and told to the other tabs a few times a second.
 */
import type { TraceEvent } from '@flotilla/core'

/** A leaky bucket, because one write in a large room is a burst of events, and none to hurry from. */
const BUSY_FROM = 40
/** What a node may do for as long as it likes, and still be followed: some ten writes a second. */
const EVENTS_PER_MS = 0.08
/** So much is remembered of the greatest flood: it is over a moment after it has ended. */
const MOST = 60

export class Tempo {
  #level = 0
  #busy = false
  #at = Number.NEGATIVE_INFINITY

  get busy(): boolean {
    return this.#busy
  }

  note(events: readonly TraceEvent[], wall: number): void {
    let level = Math.max(0, this.#level - (wall - this.#at) * EVENTS_PER_MS)
    for (const event of events) if (isChange(event)) level++
    this.#at = wall
    this.#level = Math.min(MOST, level)
    this.#busy = this.#level > (this.#busy ? BUSY_FROM / 2 : BUSY_FROM)
  }
}

/** Heartbeats go on all the time, and many in a large room. */
function isChange({ type }: TraceEvent): boolean {
  return type !== 'sent' && type !== 'delivered' && type !== 'dropped' && type !== 'timer'
}
