/**
 * What happened in all tabs, as one trace. Each tab tells its own part in its own order; the parts are merged by time, and where the
 * clocks of two processes differ by a hair, so that nothing arrives before it was sent.
 */
import type { NodeId, TraceEvent } from '@flotilla/core'
import { merged, writeTrace } from '@flotilla/trace'

/** Far beyond what a test needs, and a file that the Lab still opens. */
const MAX_EVENTS = 500_000

export class RoomTrace<Tab> {
  readonly #parts = new Map<Tab, TraceEvent[]>()
  #length = 0

  /** @returns whether there was room for them */
  add(tab: Tab, events: readonly TraceEvent[]): boolean {
    if (this.#length >= MAX_EVENTS) return false
    const part = this.#parts.get(tab)
    if (part === undefined) this.#parts.set(tab, [...events])
    else part.push(...events)
    this.#length += events.length
    return true
  }

  /** The node of this tab dies now, and will not say so. */
  died(tab: Tab, reason: string): void {
    const node = this.#lastNode(tab)
    if (node !== undefined) this.add(tab, [{ type: 'crashed', node, at: Date.now(), reason }])
  }

  /** As a file. */
  text(title: string): string {
    return writeTrace({ title, voters: [], modified: [] }, merged([...this.#parts.values()]))
  }

  #lastNode(tab: Tab): NodeId | undefined {
    return this.#parts.get(tab)?.at(-1)?.node
  }
}
