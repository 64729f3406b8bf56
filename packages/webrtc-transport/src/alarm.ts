/** One thing that is due later; setting it anew replaces what was due. */
import type { Cancel, Clock } from '@flotilla/cluster'

export class Alarm {
  readonly #clock: Clock
  #cancel: Cancel | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get isSet(): boolean {
    return this.#cancel !== undefined
  }

  set(afterMs: number, fire: () => void): void {
    this.cancel()
    this.#cancel = this.#clock.setTimer(this.#clock.now() + afterMs, () => {
      this.#cancel = undefined
      fire()
    })
  }

  cancel(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
