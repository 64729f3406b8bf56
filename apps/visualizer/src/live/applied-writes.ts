/** What this tab's node has applied: for the console every write, for the page the values that they left. */
import type { KeyValueMachine } from '../machine/key-value.ts'
import { type LiveState, MAX_SHOWN_VALUES } from '../store/live-store.ts'
import type { Applied } from './console-api.ts'

/** At least so many writes are kept, and never twice as many. */
const HISTORY = 50_000

export class AppliedWrites {
  readonly #machine: KeyValueMachine
  readonly #onChange: () => void
  #history: Applied[] = []
  #changed = false

  /** @param onChange may be called once for each write: it only notes that there are values to show. */
  constructor(machine: KeyValueMachine, onChange: () => void) {
    this.#machine = machine
    this.#onChange = onChange
    machine.onWrite = (key, value, at) => this.#remember({ ...at, key, value })
    machine.onRestore = () => {
      this.#history = []
      this.touch()
    }
  }

  history(): readonly Applied[] {
    return this.#history
  }

  /** The values may have changed. */
  touch(): void {
    this.#changed = true
    this.#onChange()
  }

  /** What to show, if it may have changed since it was last asked for. */
  news(): Pick<LiveState, 'values' | 'valueCount'> | undefined {
    if (!this.#changed) return undefined
    this.#changed = false
    return { values: this.#machine.first(MAX_SHOWN_VALUES), valueCount: this.#machine.size }
  }

  #remember(write: Applied): void {
    this.#history.push(write)
    if (this.#history.length >= 2 * HISTORY) this.#history.splice(0, HISTORY)
  }
}
