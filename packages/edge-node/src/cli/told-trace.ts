/** What the nodes of a room tell a watcher, as one trace: each event checked, for another node may tell anything. */
import { MAX_TELLING_BYTES, type Seen } from '@flotilla/client'
import type { NodeId, TraceEvent } from '@flotilla/core'
import { decodeEvent, Fields, Malformed, merged, writeTrace } from '@flotilla/trace'

/** So many the Lab opens with ease; then it takes no more. */
const MAX_EVENTS = 400_000
/** A longer age is a clock that was set. Milliseconds. */
const OLDEST_MS = 60_000

export class ToldTrace {
  readonly #lanes = new Map<NodeId, TraceEvent[]>()
  readonly #begunAt: number
  #events = 0
  #isFull = false

  constructor(wall: number) {
    this.#begunAt = wall
  }

  get events(): number {
    return this.#events
  }

  get nodes(): number {
    return this.#lanes.size
  }

  get isFull(): boolean {
    return this.#isFull
  }

  /** @param wall our own clock. Of the node's only the age of what it tells is known: how long before it was told it happened */
  take({ from, telling }: Seen, wall: number): void {
    const told = read(telling)
    if (told === undefined) return
    const lane = this.#lanes.get(from) ?? []
    this.#lanes.set(from, lane)
    let latest = lane.at(-1)?.at ?? 0
    for (const value of told.events) {
      const event = checked(value, from)
      if (event === undefined) continue
      if (this.#events >= MAX_EVENTS) {
        this.#isFull = true
        return
      }
      const ageMs = Math.min(OLDEST_MS, Math.max(0, told.now - event.at))
      latest = Math.max(latest, wall - this.#begunAt - ageMs)
      lane.push({ ...event, at: Math.round(latest * 1_000) / 1_000 })
      this.#events += 1
    }
  }

  text(title: string): string {
    return writeTrace({ title, voters: [], modified: [] }, merged([...this.#lanes.values()]))
  }
}

function read(telling: Uint8Array): { readonly now: number; readonly events: readonly unknown[] } | undefined {
  if (telling.byteLength > MAX_TELLING_BYTES) return undefined
  try {
    const told: unknown = JSON.parse(new TextDecoder().decode(telling))
    const { now, events }: Readonly<Record<string, unknown>> = Object(told)
    return typeof now === 'number' && Number.isFinite(now) && Array.isArray(events) ? { now, events } : undefined
  } catch {
    return undefined
  }
}

function checked(value: unknown, from: NodeId): TraceEvent | undefined {
  try {
    const event = decodeEvent(new Fields(value), { at: 0, unnamed: '' })
    return event.node === from ? event : undefined
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}
