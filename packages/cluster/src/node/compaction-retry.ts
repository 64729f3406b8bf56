/**
 * When to ask a machine for its snapshot again that could not give one. A log that is not compacted is only longer: it is no
 * reason to stop, and none to ask at every command, which would cost a whole snapshot's work each time.
 */

const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 60_000

export class CompactionRetry {
  #delayMs = FIRST_RETRY_MS
  #at = Number.POSITIVE_INFINITY

  isDue(now: number): boolean {
    return now >= this.#at
  }

  failed(now: number): void {
    this.#at = now + this.#delayMs
    this.#delayMs = Math.min(LONGEST_RETRY_MS, 2 * this.#delayMs)
  }

  succeeded(): void {
    this.#at = Number.POSITIVE_INFINITY
    this.#delayMs = FIRST_RETRY_MS
  }
}
