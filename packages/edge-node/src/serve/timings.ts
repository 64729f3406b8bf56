/** How long something took, as Prometheus counts it: how many times at most so long, and all of it together. */

const BOUNDS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const

export class Timings {
  readonly #counts = new Array<number>(BOUNDS_SECONDS.length + 1).fill(0)
  #sum = 0
  #count = 0

  add(seconds: number): void {
    const place = BOUNDS_SECONDS.findIndex(bound => seconds <= bound)
    const at = place < 0 ? BOUNDS_SECONDS.length : place
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
    this.#sum += seconds
    this.#count += 1
  }

  /** A histogram's lines. */
  lines(name: string): string[] {
    let below = 0
    const buckets = BOUNDS_SECONDS.map((bound, i) => {
      below += this.#counts[i] ?? 0
      return `${name}_bucket{le="${bound}"} ${below}`
    })
    return [
      ...buckets,
      `${name}_bucket{le="+Inf"} ${this.#count}`,
      `${name}_sum ${this.#sum}`,
      `${name}_count ${this.#count}`,
    ]
  }
}
