/** What an operator's tools read: one JSON object a line. Neither texts nor ids of nodes are ever in it. */

export type LogEvent =
  | { readonly event: 'listening'; readonly port: number }
  /** `origin`: what a page that may not connect said of itself, `toldOrigin`; not there if it said nothing, or if that was not why. */
  | { readonly event: 'refused'; readonly address: string; readonly why: string; readonly origin?: string }
  | { readonly event: 'sentAway'; readonly address: string; readonly why: string }
  | { readonly event: 'closing'; readonly sockets: number }
  | { readonly event: 'closed' }

export type Log = (event: LogEvent) => void

export const jsonLog: Log = event => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`)
}

/**
 * At most so many lines a second, besides those of the server itself: who is refused ten thousand times a
 * second must not fill a disk.
 */
export function boundedLog(log: Log, linesPerSecond: number, nowMs: () => number = Date.now): Log {
  let second = Number.NEGATIVE_INFINITY
  let lines = 0
  return event => {
    const current = Math.floor(nowMs() / 1_000)
    if (current !== second) {
      second = current
      lines = 0
    }
    lines += 1
    if (lines <= linesPerSecond || event.event === 'closing' || event.event === 'closed') log(event)
  }
}
