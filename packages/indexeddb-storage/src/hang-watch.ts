/**
 * Gives up writes of which none has ended for long: the disk is stuck, or whoever holds the database. They end in their order, so one
 * timer watches over all of them.
 */
import { StorageError } from '@flotilla/cluster'

/** Of our own time, counted second by second: who slept meanwhile has not waited. */
const HANGS_AFTER_S = 60

export class HangWatch {
  /** The ways to give up what is under way. */
  readonly #underWay = new Set<(error: StorageError) => void>()
  #timer: ReturnType<typeof setInterval> | undefined = undefined
  /** Since a write ended, while others were under way. */
  #seconds = 0

  /** As `written`, or given up. */
  giveUp(written: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#underWay.add(reject)
      this.#timer ??= setInterval(() => this.#look(), 1_000)
      const ended = (): void => {
        this.#underWay.delete(reject)
        this.#seconds = 0
      }
      written.finally(ended).then(resolve, reject)
    })
  }

  /** Ends with a second without a write, so that writes one after the other need no timer each. */
  #look(): void {
    if (this.#underWay.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
      return
    }
    if (++this.#seconds < HANGS_AFTER_S) return
    const error = new StorageError('Unavailable', `the database has not answered for ${HANGS_AFTER_S} s`)
    for (const giveUp of this.#underWay) giveUp(error)
  }
}
