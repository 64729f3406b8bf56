/** Which tabs cannot be connected to each other, whatever they try: a network between them isolates them, until it does not. */
import type { Random } from '../ground/random.ts'

export class Apart {
  readonly #random: Random
  readonly #share: number
  readonly #known = new Map<string, boolean>()

  /** @param share of all pairs */
  constructor(random: Random, share: number) {
    this.#random = random
    this.#share = share
  }

  /** By number of tab. */
  areApart(a: number, b: number): boolean {
    if (this.#share === 0 || a === b) return false
    const pair = `${Math.min(a, b)} ${Math.max(a, b)}`
    const known = this.#known.get(pair) ?? this.#random.fork(pair).chance(this.#share)
    this.#known.set(pair, known)
    return known
  }

  canMeet(a: number, b: number): void {
    this.#known.set(`${Math.min(a, b)} ${Math.max(a, b)}`, false)
  }
}
