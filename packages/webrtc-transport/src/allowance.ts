/**
 * So much of something at once, and more as time goes by: what a peer may do wrong without being thought hostile. A mere
 * count would turn on a peer that stays for a year.
 */
export class Allowance {
  readonly #most: number
  readonly #refillMs: number
  #used = 0
  #at = Number.NEGATIVE_INFINITY

  /** @param most at once @param refillMs after so long one more is allowed */
  constructor(most: number, refillMs: number) {
    this.#most = most
    this.#refillMs = refillMs
  }

  /** `false`: that was one too many. */
  take(now: number): boolean {
    const refilled = Math.max(0, now - this.#at) / this.#refillMs
    this.#used = Math.max(0, this.#used - refilled)
    this.#at = now
    if (this.#used + 1 > this.#most) return false
    this.#used += 1
    return true
  }
}
