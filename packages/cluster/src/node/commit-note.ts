/**
 * Tells the disk how far the log is committed, when there is time for it. Raft finds that out again after a restart, but only
 * with a majority; by this a node that reaches nobody can show what it had applied, and not just its last snapshot.
 */
import type { Storage } from '../storage.ts'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'

/** A write more each second is nothing beside those of the log, and the last second is told when the page closes. */
const NOTE_AFTER_MS = 1_000

export class CommitNote {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #alarm: Alarm
  #noted: number
  #index = 0

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage
    this.#clock = clock
    this.#noted = storage.recovered.state.commitIndex ?? 0
    this.#alarm = new Alarm(clock, () => this.write())
  }

  /** Everything up to `index` is applied, so it is committed, and durable here. */
  applied(index: number): void {
    if (this.#storage.noteCommitted === undefined || index <= this.#noted) return
    this.#index = index
    this.#alarm.noLaterThan(this.#clock.now() + NOTE_AFTER_MS)
  }

  /** At once: there will be no later. */
  write(): void {
    this.#alarm.stop()
    if (this.#index <= this.#noted) return
    this.#noted = this.#index
    // A storage that fails says so to who waits for a unit.
    this.#storage.noteCommitted?.(this.#index).catch(() => undefined)
  }

  stop(): void {
    this.#alarm.stop()
  }
}
