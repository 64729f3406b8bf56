/**
 * What a tab saw of its room, as a trace file. Every node tells its own events in their order; between nodes the messages
 * say what came first, because clocks of different tabs do not.
 */
import type { NodeId, TraceEvent } from '@flotilla/core'
import { merged, writeTrace } from '@flotilla/trace'
import { catchUp } from '../trace-view/catch-up.ts'
import { type ClusterView, nameOf } from '../trace-view/view.ts'
import { live } from '../words/live.ts'

/** Then it stops taking more: so much can be opened again. */
const MOST_EVENTS = 400_000

interface Told {
  readonly events: readonly TraceEvent[]
  readonly now: number
  readonly leftOut: number
}

export class Recording {
  readonly #begunAt: number
  readonly #lanes = new Map<NodeId, TraceEvent[]>()
  readonly #view: ClusterView
  #count = 0
  #left = false

  /** Begins with where everybody stands. */
  constructor(view: ClusterView, wall: number) {
    this.#begunAt = wall
    this.#view = view
    for (const node of view.nodes.values()) if (node.heard) this.#lanes.set(node.id, [...catchUp(node, 0)])
  }

  get events(): number {
    return this.#count
  }

  /**
   * @param now what the node's clock showed when it told this
   * @param wall what ours did when it was heard
   * @param pace how many of our milliseconds one of the node's takes
   */
  take(node: NodeId, { events, now, leftOut }: Told, wall: number, pace: number): void {
    if (leftOut > 0) this.#left = true
    if (this.#count >= MOST_EVENTS) {
      this.#left = true
      return
    }
    const lane = this.#lanes.get(node) ?? []
    this.#lanes.set(node, lane)
    let latest = lane.at(-1)?.at ?? 0
    for (const event of events) {
      // Of its own clock only the age is known: how long before it was told it happened.
      latest = Math.max(latest, wall - this.#begunAt - Math.max(0, now - event.at) * pace)
      lane.push({ ...event, at: Math.round(latest * 1000) / 1000 })
    }
    this.#count += events.length
  }

  text(room: string): string {
    const names = [...this.#lanes.keys()].map(id => nameOf(this.#view, id))
    const title = live().record.of(room, names, this.#left)
    return writeTrace({ title, voters: [], modified: [] }, merged([...this.#lanes.values()]))
  }
}
