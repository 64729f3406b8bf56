/**
 * Who said that its tab was closing, and has not been heard from since. Every node remembers, not only the leader: the one
 * who says goodbye is often the leader, and its successor must know.
 */
import type { NodeId } from '@flotilla/core'

export class Goodbyes {
  readonly #saidAt = new Map<NodeId, number>()
  readonly #graceMs: number

  /** What arrives within `graceMs` of a goodbye was sent before it, in a slower lane: it is no sign of life. */
  constructor(graceMs: number) {
    this.#graceMs = graceMs
  }

  /** When each of those who are away said goodbye, on this node's clock. */
  get at(): ReadonlyMap<NodeId, number> {
    return this.#saidAt
  }

  said(node: NodeId, now: number): void {
    this.#saidAt.set(node, now)
  }

  /** It spoke again. */
  heard(node: NodeId, now: number): void {
    const saidAt = this.#saidAt.get(node)
    if (saidAt !== undefined && now - saidAt > this.#graceMs) this.#saidAt.delete(node)
  }

  /** Its link came up: it is back. */
  returned(node: NodeId): void {
    this.#saidAt.delete(node)
  }
}
