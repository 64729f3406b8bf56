/**
 * What a tab saw of its room, as a trace file. Every node tells its own events in their order; between nodes the messages
 * say what came first, because clocks of different tabs do not.
 */
import type { NodeId, TraceEvent } from '@flotilla/core'
import { writeTrace } from '@flotilla/trace'
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

/** By time, but no message arrives before it was sent, if that was seen. Each lane keeps its order. */
export function merged(lanes: readonly (readonly TraceEvent[])[]): TraceEvent[] {
  const sent = new Set(lanes.flatMap(lane => lane.flatMap(event => (event.type === 'sent' ? event.message.id : []))))
  const out = new Set<string>()
  const places = lanes.map(() => 0)
  const result: TraceEvent[] = []
  const waits = (event: TraceEvent): boolean =>
    event.type === 'delivered' && sent.has(event.message.id) && !out.has(event.message.id)
  for (;;) {
    let first: number | undefined
    let soonest: number | undefined
    for (const [i, lane] of lanes.entries()) {
      const event = lane[places[i] ?? 0]
      if (event === undefined) continue
      const isBefore = (other: number | undefined) =>
        other === undefined || event.at < (lanes[other]?.[places[other] ?? 0]?.at ?? 0)
      if (isBefore(soonest)) soonest = i
      if (!waits(event) && isBefore(first)) first = i
    }
    // All wait for one another only if something was told out of order; then time decides.
    const lane = first ?? soonest
    if (lane === undefined) return result
    const event = lanes[lane]?.[places[lane] ?? 0]
    places[lane] = (places[lane] ?? 0) + 1
    if (event === undefined) continue
    if (event.type === 'sent') out.add(event.message.id)
    result.push({ ...event, at: Math.max(event.at, result.at(-1)?.at ?? 0) })
  }
}
