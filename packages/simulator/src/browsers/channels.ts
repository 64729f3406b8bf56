/** The BroadcastChannels of a browser: what is posted is heard by all other ends of that name that are open when it arrives. */
import type { Channel } from '@flotilla/browser-node/ground'
import type { Random } from '../ground/random.ts'
import type { Page } from '../runtime/page.ts'
import type { Timeline } from '../runtime/timeline.ts'

export class BrowserChannels {
  readonly #open = new Set<ThreadsChannel>()
  /** Mean time that a message takes. Milliseconds. */
  typicalMs = 0.5
  readonly timeline: Timeline
  readonly random: Random

  constructor(timeline: Timeline, random: Random) {
    this.timeline = timeline
    this.random = random
  }

  open(name: string, thread: Page): Channel {
    const channel = new ThreadsChannel(this, name, thread)
    this.#open.add(channel)
    return channel
  }

  others(of: ThreadsChannel): ThreadsChannel[] {
    return [...this.#open].filter(channel => channel !== of && channel.name === of.name)
  }

  closed(channel: ThreadsChannel): void {
    this.#open.delete(channel)
  }

  /** The thread is gone. */
  letGo(thread: Page): void {
    for (const channel of [...this.#open]) if (channel.thread === thread) this.#open.delete(channel)
  }
}

class ThreadsChannel implements Channel {
  onmessage: ((event: MessageEvent) => void) | null = null
  readonly name: string
  readonly thread: Page
  readonly #all: BrowserChannels
  #arrivesAt = 0
  #isClosed = false

  constructor(all: BrowserChannels, name: string, thread: Page) {
    this.#all = all
    this.name = name
    this.thread = thread
  }

  postMessage(message: unknown): void {
    if (this.#isClosed || !this.thread.emits()) return
    const { timeline, random, typicalMs } = this.#all
    for (const other of this.#all.others(this)) {
      const data: unknown = structuredClone(message)
      // In order.
      other.#arrivesAt = Math.max(other.#arrivesAt, timeline.now + random.tail(0, typicalMs))
      timeline.at(other.#arrivesAt, () => other.thread.enter(() => other.#hear(data)))
    }
  }

  close(): void {
    this.#isClosed = true
    this.#all.closed(this)
  }

  #hear(data: unknown): void {
    if (!this.#isClosed) this.onmessage?.(new MessageEvent('message', { data }))
  }
}
