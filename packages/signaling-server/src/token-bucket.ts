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

  /** Takes them in any case, and says for how many milliseconds nothing more should be. */
  spend(count: number, nowMs: number): number {
    this.#refill(nowMs)
    this.#tokens -= count
    return Math.max(0, (-this.#tokens / this.#perSecond) * 1_000)
  }

  /** `false`: there are not so many, and none is taken. */
  take(count: number, nowMs: number): boolean {
    this.#refill(nowMs)
    if (count > this.#tokens) return false
    this.#tokens -= count
    return true
  }

  #refill(nowMs: number): void {
    const refilled = (Math.max(0, nowMs - this.#at) / 1_000) * this.#perSecond
    this.#tokens = Math.min(this.#capacity, this.#tokens + refilled)
    this.#at = nowMs
  }
}
