/**
 * Fewer events that tell the same: while a node does more than anybody can follow, of many commits the last one says it
 * all, a hundred appends are one, and one in so many messages is shown. Pure. The law: reduced, the result gives the same
 * view as all the events.
 */
import type { EntrySummary, MessageSummary, NodeId, TraceBody, TraceEvent } from '@flotilla/core'

interface Condensed {
  readonly events: readonly TraceEvent[]
  /** Events about messages that are not among them. */
  readonly leftOut: number
}

/** Appends are put together up to this many entries. */
export const MAX_JOINED = 256
/** One message of replication in this many is kept. */
const SAMPLE = 32

/** The events of one node, in order, as a node leaves them: entries before the writes that hold them. */
export function condense(events: readonly TraceEvent[]): Condensed {
  const kept: TraceEvent[] = []
  const run = new Run()
  let leftOut = 0
  for (const event of events) {
    if (run.take(event)) continue
    if (isMessage(event)) {
      if (isKept(event.message)) kept.push(event)
      else leftOut++
      continue
    }
    // Whatever else happens may change what the events before it meant: they come first.
    run.end(kept)
    if (!run.take(event)) kept.push(event)
  }
  run.end(kept)
  return { events: kept, leftOut }
}

type Of<Type extends TraceBody['type']> = Extract<TraceEvent, { readonly type: Type }>

/** Events of which only the latest counts, until something else happens. */
class Run {
  #appended: Of<'appended'>[] = []
  #joined: EntrySummary[] = []
  #persisting: TraceEvent | undefined
  #durable: TraceEvent | undefined
  #committed: TraceEvent | undefined
  #applied: TraceEvent | undefined
  #timer: TraceEvent | undefined
  readonly #progress = new Map<NodeId, TraceEvent>()

  take(event: TraceEvent): boolean {
    switch (event.type) {
      case 'appended':
        return this.#append(event)
      case 'persisting':
        this.#persisting = event
        return true
      case 'durable':
        this.#durable = event
        return true
      case 'committed':
        this.#committed = event
        return true
      case 'applied':
        this.#applied = event
        return true
      case 'timer':
        this.#timer = event
        return true
      case 'progress':
        this.#progress.set(event.follower, event)
        return true
      default:
        return false
    }
  }

  /** In the order in which one entry would have caused them. */
  end(into: TraceEvent[]): void {
    into.push(...this.#appended)
    for (const event of [this.#persisting, this.#durable]) if (event) into.push(event)
    into.push(...this.#progress.values())
    for (const event of [this.#committed, this.#applied, this.#timer]) if (event) into.push(event)
    this.#appended = []
    this.#joined = []
    this.#progress.clear()
    this.#persisting = this.#durable = this.#committed = this.#applied = this.#timer = undefined
  }

  /** Only what continues the log: an append that replaces entries is a turn of events. */
  #append(event: Of<'appended'>): boolean {
    const last = this.#appended.at(-1)?.entries.at(-1)
    const first = event.entries[0]
    if (first === undefined) return true
    if (last === undefined) {
      // What was told before it, was told of the log without it.
      if (this.#persisting ?? this.#durable) return false
      return this.#begin(event)
    }
    if (first.index !== last.index + 1) return false
    if (this.#joined.length + event.entries.length > MAX_JOINED) return this.#begin(event)
    this.#joined.push(...event.entries)
    this.#appended[this.#appended.length - 1] = { ...event, entries: this.#joined }
    return true
  }

  #begin(event: Of<'appended'>): boolean {
    this.#joined = [...event.entries]
    this.#appended.push(event)
    return true
  }
}

function isMessage(event: TraceEvent): event is Of<'sent'> | Of<'delivered'> | Of<'dropped'> {
  return event.type === 'sent' || event.type === 'delivered' || event.type === 'dropped'
}

/** By its id, so that both ends keep the same ones. What is not replication is rare, and always worth showing. */
function isKept({ type, id }: MessageSummary): boolean {
  if (type !== 'AppendEntries' && type !== 'AppendEntriesResult') return true
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return ((hash ^ (hash >>> 15)) & (SAMPLE - 1)) === 0
}
