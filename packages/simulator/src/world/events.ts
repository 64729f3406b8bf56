/**
 * What is going to happen, in the order of virtual time: a binary heap.
 *
 * Of two things at the same instant, the one put in first comes out first, so that a seed fixes the order.
 */

export interface Timed {
  /** Virtual milliseconds. */
  readonly at: number
  /** Set by the queue. */
  order: number
}

export class EventQueue<T extends Timed> {
  readonly #heap: T[] = []
  #pushed = 0

  get size(): number {
    return this.#heap.length
  }

  push(event: T): void {
    const heap = this.#heap
    event.order = this.#pushed++
    let hole = heap.length
    heap.push(event)
    while (hole > 0) {
      const above = (hole - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !isBefore(event, parent)) break
      heap[hole] = parent
      hole = above
    }
    heap[hole] = event
  }

  pop(): T | undefined {
    const heap = this.#heap
    const top = heap[0]
    const last = heap.pop()
    if (top === undefined || last === undefined || heap.length === 0) return top
    const size = heap.length
    let hole = 0
    for (;;) {
      let below = 2 * hole + 1
      let child = below < size ? heap[below] : undefined
      if (child === undefined) break
      const right = below + 1 < size ? heap[below + 1] : undefined
      if (right !== undefined && isBefore(right, child)) {
        below += 1
        child = right
      }
      if (!isBefore(child, last)) break
      heap[hole] = child
      hole = below
    }
    heap[hole] = last
    return top
  }

  clear(): void {
    this.#heap.length = 0
  }

  peek(): T | undefined {
    return this.#heap[0]
  }
}

function isBefore(a: Timed, b: Timed): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
