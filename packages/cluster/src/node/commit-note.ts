/**
 * Tells the disk how far the log is committed, when there is time for it. Raft finds that out again after a restart, but only
 * with a majority; by this a node that reaches nobody can show what it had applied, and not just its last snapshot.
 */
import type { Storage } from '../storage.ts'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'

/** A write more each second is nothing beside those of the log. */
const NOTE_WITHIN_MS = 1_000
/** When nothing more is applied for so long, nothing is to be waited for: the page may be gone any moment, and not everyone is told of that. */
const QUIET_AFTER_MS = 100

export class CommitNote {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #alarm: Alarm
  #noted: number
  #index = 0
  /** When the last of it was applied, and by when it has to be told. */
  #appliedAt = 0
  #dueAt = Number.POSITIVE_INFINITY

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage
    this.#clock = clock
    this.#noted = storage.recovered.state.commitIndex ?? 0
    this.#alarm = new Alarm(clock, () => this.#look())
  }

  /** Everything up to `index` is applied, so it is committed, and durable here. */
  applied(index: number): void {
    if (this.#storage.noteCommitted === undefined || index <= this.#noted) return
    this.#index = index
    this.#appliedAt = this.#clock.now()
    if (this.#dueAt === Number.POSITIVE_INFINITY) this.#dueAt = this.#appliedAt + NOTE_WITHIN_MS
    this.#alarm.noLaterThan(this.#appliedAt + QUIET_AFTER_MS)
  }

  /** At once: there will be no later. */
  write(): void {
    this.#alarm.stop()
    this.#dueAt = Number.POSITIVE_INFINITY
    if (this.#index <= this.#noted) return
    this.#noted = this.#index
    // A storage that fails says so to who waits for a unit.
    this.#storage.noteCommitted?.(this.#index).catch(() => undefined)
  }

  stop(): void {
    this.#alarm.stop()
  }

  #look(): void {
    const at = Math.min(this.#appliedAt + QUIET_AFTER_MS, this.#dueAt)
    if (at > this.#clock.now()) this.#alarm.noLaterThan(at)
    else this.write()
  }
}
