/**
 * Many timers on one: what every Clock here is made of. The host arms a single timer at the earliest deadline (a worker's
 * timer costs two messages), and the callbacks come in the order of their deadlines.
 */
import type { Cancel } from './clock.ts'

interface Timer {
  readonly at: number
  /** Equal deadlines fire in the order in which they were set. */
  readonly serial: number
  readonly fire: () => void
  /** Its place in the heap; -1 once it is out. */
  place: number
}

export class TimerQueue {
  readonly #heap: Timer[] = []
  readonly #now: () => number
  readonly #wake: (at: number) => void
  #serial = 0
  #armedAt = Number.POSITIVE_INFINITY
  #running = false

  /** `wake(at)` asks the host to call `run` at `at` or soon after, in place of what it asked before; Infinity asks for nothing. */
  constructor(now: () => number, wake: (at: number) => void) {
    this.#now = now
    this.#wake = wake
  }

  /** Infinity when there is nothing to wait for. */
  get earliest(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY
  }

  /** @throws RangeError for NaN. A deadline of Infinity never comes. */
  set(at: number, fire: () => void): Cancel {
    if (Number.isNaN(at)) throw new RangeError('a timer needs a deadline')
    const timer: Timer = { at, serial: this.#serial++, fire, place: this.#heap.length }
    this.#heap.push(timer)
    this.#rise(timer)
    if (!this.#running && at < this.#armedAt) this.arm()
    return () => {
      this.#remove(timer)
      // A wake-up for nothing is harmless, but the last one would keep a process alive.
      if (!this.#running && this.#heap.length === 0) this.arm()
    }
  }

  /** Fires what is due, except what these callbacks set themselves: that has its turn after the host has had one. */
  run(): void {
    const now = this.#now()
    const newest = this.#serial
    this.#running = true
    try {
      for (let next = this.#due(now, newest); next !== undefined; next = this.#due(now, newest)) {
        this.#remove(next)
        next.fire()
      }
    } finally {
      // Also after a callback that threw: the others are still due.
      this.#running = false
      this.arm()
    }
  }

  /** Asks the host anew: its idea of when the deadlines come has changed. */
  arm(): void {
    this.#armedAt = this.earliest
    this.#wake(this.#armedAt)
  }

  #due(now: number, newest: number): Timer | undefined {
    const next = this.#heap[0]
    return next !== undefined && next.at <= now && next.serial < newest ? next : undefined
  }

  #remove(timer: Timer): void {
    const { place } = timer
    if (place < 0) return
    timer.place = -1
    const last = this.#heap.pop()
    if (last === undefined || last === timer) return
    this.#put(last, place)
    this.#rise(last)
    this.#sink(last)
  }

  #rise(timer: Timer): void {
    for (let place = timer.place; place > 0; place = timer.place) {
      const parent = this.#heap[(place - 1) >> 1]
      if (parent === undefined || !isBefore(timer, parent)) return
      this.#put(timer, parent.place)
      this.#put(parent, place)
    }
  }

  #sink(timer: Timer): void {
    for (;;) {
      const { place } = timer
      const left = this.#heap[2 * place + 1]
      const right = this.#heap[2 * place + 2]
      const child = right !== undefined && left !== undefined && isBefore(right, left) ? right : left
      if (child === undefined || !isBefore(child, timer)) return
      this.#put(timer, child.place)
      this.#put(child, place)
    }
  }

  #put(timer: Timer, place: number): void {
    this.#heap[place] = timer
    timer.place = place
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.serial < b.serial)
}
