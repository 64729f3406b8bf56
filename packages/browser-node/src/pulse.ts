/** Whether the thread where a node runs answers: one may end without a word, or never answer again. */
import type { Cancel, Clock } from '@flotilla/cluster'
import { hasStoodStill } from './stood-still.ts'

export interface PulseHost {
  readonly clock: Clock
  /** Asks for a word; any word will do (`heard`). */
  ask(): void
  /** It is not to be waited for any longer. Whoever begins anew says so (`begin`). */
  silent(): void
}

/** No answer for this many questions in a row, and the thread is given up. */
const SILENT_AFTER = 5
const ASK_EVERY_MS = 1_000
/** One that never answers even once may be loading over a slow network. */
const START_WITHIN_MS = 30_000

export class Pulse {
  readonly #host: PulseHost
  #answered = false
  #missed = 0
  #startedAt = 0
  #cancelTimer: Cancel = () => {}

  constructor(host: PulseHost) {
    this.#host = host
  }

  /** Of a thread that has just been started. */
  begin(): void {
    this.#answered = false
    this.#missed = 0
    this.#startedAt = this.#host.clock.now()
  }

  heard(): void {
    this.#answered = true
    this.#missed = 0
  }

  /** Until it is stopped. */
  askAgainAndAgain(): void {
    const { clock } = this.#host
    const at = clock.now() + ASK_EVERY_MS
    this.#cancelTimer = clock.setTimer(at, () => {
      this.#ask(hasStoodStill(clock.now() - at))
      this.askAgainAndAgain()
    })
  }

  stop(): void {
    this.#cancelTimer()
  }

  /** Who stood still has had no chance to hear. */
  #ask(stoodStill: boolean): void {
    if (stoodStill) this.#missed = 0
    else if (this.#isSilent) return this.#host.silent()
    this.#missed += 1
    this.#host.ask()
  }

  get #isSilent(): boolean {
    if (!this.#answered) return this.#host.clock.now() - this.#startedAt > START_WITHIN_MS
    return this.#missed >= SILENT_AFTER
  }
}
