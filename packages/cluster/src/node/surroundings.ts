/**
 * Where a node runs. In a page nobody has to ask for what keeps it safe there: timers that go on while the page is hidden, a
 * goodbye when it is closed, and a new start when it comes back from having been frozen.
 */
import type { Cluster } from '../api.ts'
import type { Clock } from '../time/clock.ts'
import { systemClock } from '../time/system-clock.ts'
import { workerClock } from '../time/worker-clock.ts'
import { sayGoodbyeOnPageHide } from './page-lifecycle.ts'

export class Surroundings {
  readonly clock: Clock
  readonly #undo: (() => void)[] = []

  /** `clock`: the application's own, if it has one. */
  constructor(clock: Clock | undefined) {
    this.clock = clock ?? this.#clockOfThisPlace()
  }

  /** From before the node is connected: its goodbye comes before whatever the links do when the page closes. */
  attend(cluster: Pick<Cluster<unknown, unknown>, 'goodbye' | 'resume'>): void {
    if (typeof document !== 'undefined') this.#undo.push(sayGoodbyeOnPageHide(cluster))
  }

  leave(): void {
    for (const undo of this.#undo.splice(0)) undo()
  }

  #clockOfThisPlace(): Clock {
    if (typeof document === 'undefined' || typeof Worker === 'undefined') return systemClock()
    const clock = workerClock()
    this.#undo.push(() => clock.close())
    return clock
  }
}
