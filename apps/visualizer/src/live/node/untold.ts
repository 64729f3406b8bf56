/**
 * What a node has to tell its page, until the page is ready for it. A page that stands still for a minute must not cost its node more and
 * more: of what can be told with fewer words no more is kept.
 */
import type { TraceEvent } from '@flotilla/core'
import { condense } from '../../trace-view/condense.ts'
import type { Told } from './live-node.ts'

/** Beyond so many, and again when twice as many are left, they are condensed. */
const MANY = 10_000

export class Untold {
  #told: Told[] = []
  #status: Extract<Told, { readonly kind: 'status' }> | undefined
  #condenseAt = MANY

  add(told: Told): void {
    // Only how things stand now is of use, and it is built anew after each write.
    if (told.kind === 'status') this.#status = told
    else if (this.#told.push(told) > this.#condenseAt) this.#condense()
  }

  /** All of it, which then is told. */
  take(): readonly Told[] {
    const told = this.#status === undefined ? this.#told : [...this.#told, this.#status]
    this.#told = []
    this.#status = undefined
    this.#condenseAt = MANY
    return told
  }

  #condense(): void {
    const isTrace = (told: Told): told is Extract<Told, { readonly kind: 'trace' }> => told.kind === 'trace'
    const events: TraceEvent[] = this.#told.filter(isTrace).map(({ event }) => event)
    const { events: kept, leftOut } = condense(events)
    const others = this.#told.filter(told => !isTrace(told))
    this.#told = [
      ...kept.map(event => ({ kind: 'trace', event }) as const),
      { kind: 'leftOut', count: leftOut },
      ...others,
    ]
    this.#condenseAt = Math.max(MANY, 2 * this.#told.length)
  }
}
