/**
 * A node's trace for one who watches and fetches it: kept until then, so much and no more. Who comes too late for that is told
 * anew where the node stands, because an endless list of what happened helps nobody.
 */
import type { Cluster } from '@flotilla/cluster'
import type { TraceEvent } from '@flotilla/core'
import { encodeTelling, MAX_TELLING_BYTES } from './telling.ts'

export type WatchedNode = Pick<Cluster<never, never>, 'watch'>

/** Entries count as events. */
const MAX_KEPT = 4_000
const MAX_TOLD_AT_ONCE = 500
const SHORT_TEXT = 20

export class Teller {
  private readonly node: WatchedNode
  private readonly news: () => void
  private beginning: readonly TraceEvent[] | undefined = undefined
  private kept: TraceEvent[] = []
  private weight = 0
  private stopWatching: (() => void) | undefined = undefined

  /** @param news there is something to take. Told at every event: it only notes that */
  constructor(node: WatchedNode, news: () => void) {
    this.node = node
    this.news = news
  }

  /** Everything since it was taken last, as tellings; at first, and where that was too much, from where the node stands. */
  take(): readonly Uint8Array[] {
    if (this.stopWatching === undefined) this.begin()
    const tellings: Uint8Array[] = []
    const { beginning, kept } = this
    if (beginning !== undefined) tellings.push(encode(beginning, true))
    for (const events of batches(kept)) tellings.push(encode(events, false))
    this.beginning = undefined
    this.kept = []
    this.weight = 0
    return tellings
  }

  /** Whatever was told of it is to be told anew. */
  stop(): void {
    this.stopWatching?.()
    this.stopWatching = undefined
    this.beginning = undefined
    this.kept = []
    this.weight = 0
  }

  private begin(): void {
    const beginning: TraceEvent[] = []
    let hasBegun = false
    this.stopWatching = this.node.watch(event => {
      if (hasBegun) this.keep(event)
      else beginning.push(event)
    })
    hasBegun = true
    this.beginning = beginning
  }

  private keep(event: TraceEvent): void {
    this.kept.push(event)
    this.weight += weightOf(event)
    if (this.weight > MAX_KEPT) this.stop()
    this.news()
  }
}

/** Where what commands say is too long, even cut as it is, it is cut shorter: the log is as long as it is. */
function encode(events: readonly TraceEvent[], isBeginning: boolean): Uint8Array {
  const now = events.at(-1)?.at ?? 0
  const bytes = encodeTelling({ now, isBeginning, events })
  return bytes.byteLength <= MAX_TELLING_BYTES
    ? bytes
    : encodeTelling({ now, isBeginning, events: events.map(withShortTexts) })
}

function withShortTexts(event: TraceEvent): TraceEvent {
  if (!('entries' in event)) return event
  return { ...event, entries: event.entries.map(entry => ({ ...entry, text: entry.text.slice(0, SHORT_TEXT) })) }
}

const weightOf = (event: TraceEvent): number => ('entries' in event ? 1 + event.entries.length : 1)

function batches(events: readonly TraceEvent[]): readonly (readonly TraceEvent[])[] {
  const all: TraceEvent[][] = []
  let room = 0
  for (const event of events) {
    const weight = weightOf(event)
    const last = all.at(-1)
    if (last === undefined || weight > room) {
      all.push([event])
      room = MAX_TOLD_AT_ONCE - weight
    } else {
      last.push(event)
      room -= weight
    }
  }
  return all
}
