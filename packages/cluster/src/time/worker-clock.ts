/**
 * The clock of a tab: its timers tick from a dedicated Web Worker, because those of a hidden page are held back to once a
 * second, or once a minute, and a leader whose heartbeats are late loses its office.
 *
 * Until the worker has shown that it runs, and for good if it cannot (a content security policy may forbid it), the page's
 * own timers do the work: late beats never.
 */
import type { Clock } from './clock.ts'
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

/** In the worker. A new delay takes the place of the last. */
const TICKER_SOURCE = `let timer
onmessage = ({ data }) => {
  clearTimeout(timer)
  if (data !== null) timer = setTimeout(() => postMessage('tick'), data)
}
postMessage('ready')`

export function workerClock(startTicker: () => Ticker = startWorker): WorkerClock {
  const now = (): number => performance.timeOrigin + performance.now()
  const timeout = new Timeout(() => queue.run())
  let ticker: Ticker | undefined
  let ticking: WorkerClock['ticking'] = 'page'
  let closed = false

  const wake = (at: number): void => {
    if (closed) return
    if (ticking === 'worker') ticker?.postMessage(at === Number.POSITIVE_INFINITY ? null : delayUntil(at, now()))
    else timeout.moveTo(at, now())
  }
  const queue = new TimerQueue(now, wake)

  const tickFrom = (source: WorkerClock['ticking']): void => {
    timeout.moveTo(Number.POSITIVE_INFINITY, 0)
    ticking = source
    queue.arm()
  }
  const stopTicker = (): void => {
    ticker?.terminate()
    ticker = undefined
  }

  try {
    ticker = startTicker()
    ticker.onmessage = ({ data }) => {
      if (closed) return
      if (data === 'ready') tickFrom('worker')
      else queue.run()
    }
    ticker.onerror = event => {
      event.preventDefault()
      stopTicker()
      if (!closed) tickFrom('page')
    }
  } catch {
    stopTicker()
  }

  return {
    now,
    setTimer: (at, fire) => queue.set(at, fire),
    get ticking() {
      return ticking
    },
    close() {
      closed = true
      timeout.moveTo(Number.POSITIVE_INFINITY, 0)
      stopTicker()
    },
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
