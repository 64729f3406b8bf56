/**
 * How long opening may take. A disk, a lock and a transport may each never answer; whoever opens a room is told so, which of
 * them it was, and what comes after that is put away again.
 */
import { ClusterError, type OpeningStep, OpenTimeout } from '../api.ts'
import type { Cancel, Clock } from '../time/clock.ts'

export class Patience {
  readonly #timeoutMs: number
  readonly #signal: AbortSignal | undefined
  readonly #cancelTimer: Cancel
  readonly #waiting = new Set<(end: 'late' | 'aborted') => void>()
  #end: 'late' | 'aborted' | undefined = undefined
  #hindrance: string | undefined

  /** @param clock the node's own, so that virtual time bounds what happens in virtual time */
  constructor(clock: Clock, timeoutMs: number, signal: AbortSignal | undefined) {
    this.#timeoutMs = timeoutMs
    this.#signal = signal
    this.#cancelTimer = clock.setTimer(clock.now() + timeoutMs, () => this.#giveUp('late'))
    if (signal?.aborted === true) this.#giveUp('aborted')
    else signal?.addEventListener('abort', this.#onAbort)
  }

  /** What is being waited for, as far as that is known. */
  hindered(why: string | undefined): void {
    this.#hindrance = why
  }

  /** What `promise` comes to; or, once patience is over, an error that names `step`, and what comes then is `late`. */
  wait<T>(promise: Promise<T>, step: () => OpeningStep, late: (value: T) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = (end: 'late' | 'aborted'): void => {
        this.#waiting.delete(stop)
        reject(this.#reason(end, step()))
        promise.then(late, () => undefined)
      }
      if (this.#end !== undefined) return stop(this.#end)
      this.#waiting.add(stop)
      promise.then(
        value => {
          if (this.#waiting.delete(stop)) resolve(value)
        },
        (error: unknown) => {
          if (this.#waiting.delete(stop)) reject(error)
        },
      )
    })
  }

  /** @throws ClusterError if it is over: nothing more is begun. */
  check(step: OpeningStep): void {
    if (this.#end !== undefined) throw this.#reason(this.#end, step)
  }

  /** All is open, or nothing will be: nobody waits any more. */
  stop(): void {
    this.#cancelTimer()
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }

  readonly #onAbort = (): void => this.#giveUp('aborted')

  #giveUp(end: 'late' | 'aborted'): void {
    if (this.#end !== undefined) return
    this.#end = end
    this.stop()
    for (const stop of [...this.#waiting]) stop(end)
  }

  #reason(end: 'late' | 'aborted', step: OpeningStep): ClusterError {
    if (end === 'late') return new OpenTimeout(step, this.#timeoutMs, this.#hindrance)
    return new ClusterError('Aborted', 'the application gave up opening the room', { cause: this.#signal?.reason })
  }
}
