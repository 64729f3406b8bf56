/** `setTimeout` for a deadline: of any distance, where the platform's own overflows after 24.8 days and then fires at once. */

const MAX_DELAY_MS = 2 ** 31 - 1

/** How long to wait, in whole milliseconds and never too short; a deadline that is too far away needs another look on the way. */
export function delayUntil(at: number, now: number): number {
  return Math.min(MAX_DELAY_MS, Math.max(0, Math.ceil(at - now)))
}

/** One timeout, moved about. */
export class Timeout {
  readonly #ring: () => void
  #timeout: ReturnType<typeof setTimeout> | undefined = undefined

  constructor(ring: () => void) {
    this.#ring = ring
  }

  /** Infinity: not at all. */
  moveTo(at: number, now: number): void {
    clearTimeout(this.#timeout)
    this.#timeout = at === Number.POSITIVE_INFINITY ? undefined : setTimeout(this.#ring, delayUntil(at, now))
  }
}
