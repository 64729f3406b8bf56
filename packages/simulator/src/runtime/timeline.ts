/**
 * Virtual time for real, asynchronous code: one happening after another, and after each everything that follows from it
 * without time passing. What happens when is decided by whoever puts it here.
 */

import { mix, mixFloat } from '../ground/hash.ts'
import { EventQueue, type Timed } from '../world/events.ts'
import { type MicrotaskDrain, microtaskDrain } from './microtasks.ts'

interface Happening extends Timed {
  readonly run: () => void
}

export class Timeline {
  /** Virtual milliseconds. */
  now = 0
  /** Happenings so far. */
  events = 0
  /** How many of them at this very moment: a timer that is set to now again and again stops time. */
  eventsNow = 0
  /** Over everything that happened: equal for equal runs. */
  hash = 0
  /** After each happening and all that followed. */
  settled: () => void = () => {}
  /** For stories; `undefined` when nobody listens, for then no text is made. */
  onLine: ((line: string) => void) | undefined = undefined
  readonly #queue = new EventQueue<Happening>()

  /** What happens at the same moment happens in the order in which it was put here. */
  at(time: number, run: () => void): void {
    this.#queue.push({ at: Math.max(time, this.now), order: 0, run })
  }

  after(ms: number, run: () => void): void {
    this.at(this.now + ms, run)
  }

  /** Every so often, until `goesOn` says no. */
  every(ms: () => number, run: () => void, goesOn: () => boolean): void {
    this.after(ms(), () => {
      if (!goesOn()) return
      run()
      this.every(ms, run, goesOn)
    })
  }

  tell(who: string, what: () => string): void {
    this.onLine?.(`${this.now.toFixed(1).padStart(9)}  ${who.padEnd(4)} ${what()}`)
  }

  /** Makes a fact part of what two equal runs have in common. */
  note(fact: number): void {
    this.hash = mix(this.hash, fact)
  }

  /** Goes on until then, or until `isOver` says so. */
  async run(until: number, isOver: () => boolean): Promise<void> {
    const drain = microtaskDrain()
    try {
      await this.#runWith(drain, until, isOver)
    } finally {
      drain.close()
    }
  }

  async #runWith(drain: MicrotaskDrain, until: number, isOver: () => boolean): Promise<void> {
    // What was begun before this may go on without time passing, too.
    await drain.runDry()
    while (!isOver()) {
      const next = this.#queue.peek()
      if (next === undefined || next.at > until) {
        this.now = Math.max(this.now, until)
        return
      }
      this.#queue.pop()
      this.eventsNow = next.at === this.now ? this.eventsNow + 1 : 1
      this.now = next.at
      this.events += 1
      this.hash = mixFloat(this.hash, this.now)
      next.run()
      await drain.runDry()
      this.settled()
    }
  }
}
