/** Whom a node tells its trace: the application from its beginning, if it asked for that, and others for as long as they watch. */
import type { TraceEvent } from '@flotilla/core'
import { tell } from '../tell.ts'

type Listener = (event: TraceEvent) => void

export class Watchers {
  readonly #onTrace: Listener | undefined
  readonly #others = new Set<Listener>()

  constructor(onTrace: Listener | undefined) {
    this.#onTrace = onTrace
  }

  /** While nobody watches, nothing has to be told. */
  get areThere(): boolean {
    return this.#onTrace !== undefined || this.#others.size > 0
  }

  tell(event: TraceEvent): void {
    if (this.#onTrace !== undefined) tell(this.#onTrace, event)
    for (const listener of this.#others) tell(listener, event)
  }

  /** Tells it `beginning` and then everything. Gives the way to stop. */
  add(listener: Listener, beginning: readonly TraceEvent[]): () => void {
    // Wrapped, so that the same function may watch twice and stop once.
    const entry: Listener = event => listener(event)
    for (const event of beginning) tell(entry, event)
    this.#others.add(entry)
    return () => this.#others.delete(entry)
  }
}
