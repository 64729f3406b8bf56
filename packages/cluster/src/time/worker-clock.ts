/**
 * The clock of a tab: its timers tick from a dedicated Web Worker, because those of a hidden page are held back to once a
 * second, or once a minute, and a leader whose heartbeats are late loses its office.
 *
 * Until the worker has shown that it runs, and for good if it cannot (a content security policy may forbid it), the page's
 * own timers do the work: late beats never. A worker can also die without a word. So while it ticks, a late timer of the
 * page watches it: runs what is due, and where that happens twice without a sign of life between, starts another worker.
 */
import type { Cancel, Clock } from './clock.ts'
import { delayUntil, Timeout } from './timeout.ts'
import { TimerQueue } from './timer-queue.ts'

export interface WorkerClock extends Clock {
  /** Who ticks. `page` while the worker is starting, or because it could not: then a hidden tab is slow. */
  readonly ticking: 'worker' | 'page'
  /** Ends the worker. Timers that are pending never fire. */
  close(): void
}

/** What is used of a Worker. Takes a delay in milliseconds, or null for none; answers when it is over. Says `ready` first. */
export interface Ticker {
  postMessage(delayMs: number | null): void
  onmessage: ((event: MessageEvent) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  terminate(): void
}

/** So late is no worker that lives, unless the whole page is: then its ticks are there, and come next. */
const LATE_MS = 500

/** A worker that ran and then failed is tried again, but not at once: it may fail again. */
const TRY_AGAIN_MS = 10_000

/** In the worker. A new delay takes the place of the last. */
const TICKER_SOURCE = `let timer
onmessage = ({ data }) => {
  clearTimeout(timer)
  if (data !== null) timer = setTimeout(() => postMessage('tick'), data)
}
postMessage('ready')`

export function workerClock(startTicker: () => Ticker = startWorker): WorkerClock {
  return new TickedClock(startTicker)
}

class TickedClock implements WorkerClock {
  ticking: WorkerClock['ticking'] = 'page'
  readonly #startTicker: () => Ticker
  #ticker: Ticker | undefined = undefined
  #closed = false
  /** The page's own timer: it ticks where no worker does, and watches where one does. */
  readonly #timeout = new Timeout(() => this.#ring())
  #ringsAt = Number.POSITIVE_INFINITY
  /** The page had to run what was due, and the worker has said nothing since. */
  #isSilent = false
  /** Infinity for never. */
  #startAgainAt = Number.POSITIVE_INFINITY
  readonly #queue = new TimerQueue(
    () => this.now(),
    at => this.#wake(at),
  )

  constructor(startTicker: () => Ticker) {
    this.#startTicker = startTicker
    this.#start()
  }

  now(): number {
    return performance.timeOrigin + performance.now()
  }

  setTimer(at: number, fire: () => void): Cancel {
    return this.#queue.set(at, fire)
  }

  close(): void {
    this.#closed = true
    this.#ringAt(Number.POSITIVE_INFINITY)
    this.#stop()
  }

  #wake(at: number): void {
    if (this.#closed) return
    if (this.ticking === 'page') return this.#ringAt(at)
    this.#ticker?.postMessage(at === Number.POSITIVE_INFINITY ? null : delayUntil(at, this.now()))
    // Most deadlines are put off before they come: the watch is moved forwards only, and looks again when it rings.
    if (at + LATE_MS < this.#ringsAt || at === Number.POSITIVE_INFINITY) this.#ringAt(at + LATE_MS)
  }

  #ringAt(at: number): void {
    this.#ringsAt = at
    this.#timeout.moveTo(at, this.now())
  }

  #ring(): void {
    this.#ringsAt = Number.POSITIVE_INFINITY
    const lateAt = this.#queue.earliest + LATE_MS
    if (this.ticking === 'worker') {
      if (this.now() < lateAt) return this.#ringAt(lateAt)
      if (this.#isSilent) this.#replace()
      else this.#isSilent = true
    } else if (this.now() >= this.#startAgainAt) this.#start()
    this.#queue.run()
  }

  #replace(): void {
    this.#stop()
    this.#tickFrom('page')
    this.#start()
  }

  #start(): void {
    this.#isSilent = false
    this.#startAgainAt = Number.POSITIVE_INFINITY
    try {
      const ticker = this.#startTicker()
      this.#ticker = ticker
      ticker.onmessage = ({ data }) => {
        if (this.#closed || this.#ticker !== ticker) return
        this.#isSilent = false
        if (data === 'ready') this.#tickFrom('worker')
        else this.#queue.run()
      }
      ticker.onerror = event => {
        event.preventDefault()
        if (this.#closed || this.#ticker !== ticker) return
        this.#stop()
        if (this.ticking === 'worker') this.#startAgainAt = this.now() + TRY_AGAIN_MS
        this.#tickFrom('page')
      }
    } catch {
      this.#stop()
    }
  }

  #stop(): void {
    this.#ticker?.terminate()
    this.#ticker = undefined
  }

  #tickFrom(source: WorkerClock['ticking']): void {
    this.#ringAt(Number.POSITIVE_INFINITY)
    this.ticking = source
    this.#queue.arm()
  }
}

function startWorker(): Ticker {
  const url = URL.createObjectURL(new Blob([TICKER_SOURCE], { type: 'text/javascript' }))
  try {
    return new Worker(url, { name: 'flotilla-clock' })
  } finally {
    // The worker has taken note of what to fetch by now; only Safari of old needed the address for longer.
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  }
}
