/**
 * Who was cut off without a goodbye, for a while. A member whose connection broke is back in seconds; a fresh browser that
 * comes in between must not take the room for empty, or it makes a second one of the same name.
 */
import type { Limits } from './limits.ts'

export class Missed {
  readonly #limits: Pick<Limits, 'missedForMs' | 'maxMissed'>
  /** Since when, by room and name; the longest gone first. */
  readonly #since = new Map<string, Map<string, number>>()
  /** In the order in which they went. */
  #order: (readonly [room: string, id: string, sinceMs: number])[] = []

  constructor(limits: Pick<Limits, 'missedForMs' | 'maxMissed'>) {
    this.#limits = limits
  }

  add(room: string, id: string, nowMs: number): void {
    const inRoom = this.#since.get(room) ?? new Map<string, number>()
    inRoom.set(id, nowMs)
    this.#since.set(room, inRoom)
    this.#order.push([room, id, nowMs])
    this.#forget(nowMs)
  }

  isBack(room: string, id: string): void {
    const inRoom = this.#since.get(room)
    inRoom?.delete(id)
    if (inRoom?.size === 0) this.#since.delete(room)
  }

  in(room: string, nowMs: number): readonly string[] {
    this.#forget(nowMs)
    return [...(this.#since.get(room)?.keys() ?? [])]
  }

  #forget(nowMs: number): void {
    const { missedForMs, maxMissed } = this.#limits
    const kept = this.#order.findIndex(
      ([, , sinceMs], i) => sinceMs + missedForMs > nowMs && this.#order.length - i <= maxMissed,
    )
    const gone = this.#order.splice(0, kept === -1 ? this.#order.length : kept)
    // It may have been back meanwhile, and cut off again.
    for (const [room, id, sinceMs] of gone) if (this.#since.get(room)?.get(id) === sinceMs) this.isBack(room, id)
  }
}
