/** The clock of a tab on a real worker: its conformance suite, and the worker to kill. */
import { workerClock } from '@flotilla/cluster'
import { clockConformance } from '@flotilla/cluster/conformance'

declare global {
  interface Window {
    clock: ReturnType<typeof workerClock>
    /** Every worker that the clock has started. */
    workers: Worker[]
    /** Resolves when a timer of so many milliseconds fires. */
    wait(ms: number): Promise<void>
  }
}

const workers: Worker[] = []
class KnownWorker extends Worker {
  constructor(...given: ConstructorParameters<typeof Worker>) {
    super(...given)
    workers.push(this)
  }
}
window.Worker = KnownWorker
window.workers = workers

window.clock = workerClock()
window.wait = ms => new Promise(resolve => window.clock.setTimer(window.clock.now() + ms, resolve))

window.conformance = {
  cases: clockConformance.map(({ name }) => name),
  async run(name) {
    const found = clockConformance.find(each => each.name === name)
    if (found === undefined) throw new Error(`there is no case “${name}”`)
    await found.run(window.clock)
  },
}
