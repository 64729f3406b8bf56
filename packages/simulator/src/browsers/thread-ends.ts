/** Two ends of a MessageChannel, or of a worker, one in each thread: messages take their time, stay in order, and are lost with either thread. */
import type { MessageEnd } from '@flotilla/client'
import type { Random } from '../ground/random.ts'
import type { Page } from '../runtime/page.ts'
import type { Timeline } from '../runtime/timeline.ts'

export interface EndsWeather {
  readonly timeline: Timeline
  readonly random: Random
  /** Mean time that a message takes. Milliseconds. */
  readonly typicalMs: number
}

export function threadEnds(weather: EndsWeather, here: Page, there: Page): readonly [ThreadEnd, ThreadEnd] {
  const a = new ThreadEnd(weather, here)
  const b = new ThreadEnd(weather, there)
  a.other = b
  b.other = a
  return [a, b]
}

export class ThreadEnd implements MessageEnd {
  other: ThreadEnd | undefined = undefined
  readonly #weather: EndsWeather
  readonly #thread: Page
  #listener: ((event: MessageEvent) => void) | null = null
  /** What came before anybody listened. */
  #early: unknown[] = []
  #arrivesAt = 0
  #isClosed = false

  constructor(weather: EndsWeather, thread: Page) {
    this.#weather = weather
    this.#thread = thread
  }

  get onmessage(): ((event: MessageEvent) => void) | null {
    return this.#listener
  }

  set onmessage(listener: ((event: MessageEvent) => void) | null) {
    this.#listener = listener
    if (listener === null) return
    for (const data of this.#early.splice(0)) this.#arrive(data)
  }

  postMessage(data: unknown): void {
    const { other } = this
    if (this.#isClosed || other === undefined || !this.#thread.emits()) return
    other.#arrive(data)
  }

  close(): void {
    this.#isClosed = true
  }

  #arrive(data: unknown): void {
    const { timeline, random, typicalMs } = this.#weather
    this.#arrivesAt = Math.max(this.#arrivesAt, timeline.now + random.tail(0, typicalMs))
    timeline.at(this.#arrivesAt, () => this.#thread.enter(() => this.#hear(data)))
  }

  #hear(data: unknown): void {
    if (this.#isClosed) return
    if (this.#listener === null) this.#early.push(data)
    else this.#listener(new MessageEvent('message', { data }))
  }
}
