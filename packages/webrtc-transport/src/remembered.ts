import type { Clock } from '@flotilla/cluster'

/** The latest of what was noted, each for its time: whoever makes things up to be noted pushes out only what is older. */
export class Remembered<Key> {
  readonly #clock: Pick<Clock, 'now'>
  readonly #most: number
  /** Until when. The longest noted is first. */
  readonly #until = new Map<Key, number>()

  constructor(clock: Pick<Clock, 'now'>, most: number) {
    this.#clock = clock
    this.#most = most
  }

  /** As the newest, whether it was noted before or not. */
  add(key: Key, forMs = Number.POSITIVE_INFINITY): void {
    this.#until.delete(key)
    this.#until.set(key, this.#clock.now() + forMs)
    for (const oldest of this.#until.keys()) {
      if (this.#until.size <= this.#most) return
      this.#until.delete(oldest)
    }
  }

  has(key: Key): boolean {
    return (this.#until.get(key) ?? Number.NEGATIVE_INFINITY) > this.#clock.now()
  }

  /** `false` if it was not noted, or is over. */
  delete(key: Key): boolean {
    const had = this.has(key)
    this.#until.delete(key)
    return had
  }

  keys(): readonly Key[] {
    const now = this.#clock.now()
    return [...this.#until].filter(([, until]) => until > now).map(([key]) => key)
  }
}
