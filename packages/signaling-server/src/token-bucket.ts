/** A rate with a burst: a bucket of so many tokens that fills again by so many a second. */
export class TokenBucket {
  readonly #capacity: number
  readonly #perSecond: number
  #tokens: number
  #at: number

  constructor(capacity: number, perSecond: number, nowMs: number) {
    this.#capacity = capacity
    this.#perSecond = perSecond
    this.#tokens = capacity
    this.#at = nowMs
  }

  /** `false`: there are not so many, and none is taken. */
  take(count: number, nowMs: number): boolean {
    const refilled = (Math.max(0, nowMs - this.#at) / 1_000) * this.#perSecond
    this.#tokens = Math.min(this.#capacity, this.#tokens + refilled)
    this.#at = nowMs
    if (count > this.#tokens) return false
    this.#tokens -= count
    return true
  }
}
