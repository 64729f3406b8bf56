/** What several nodes told, each in its own order, as one trace: between nodes the messages say what came first, because their clocks do not. */
import type { TraceEvent } from '@flotilla/core'

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
