/**
 * How well each node's tab would lead. A visible tab is never throttled or frozen, so it comes before any hidden one
 * (design: "a hidden leader hands over to a visible voter"); among equals of that, the application's priority decides.
 *
 * Not replicated: it may change with every glance at a tab, and a leader that knows it wrongly only hands over in vain.
 * Every node remembers what it was told, because any may lead next.
 */
import type { NodeId } from '@flotilla/core'

export interface Merit {
  /** 0 to 255. */
  readonly priority: number
  readonly visible: boolean
}

/** Above zero if `a` should lead rather than `b`. */
export function compareMerits(a: Merit, b: Merit): number {
  return Number(a.visible) - Number(b.visible) || a.priority - b.priority
}

export class Merits {
  readonly #told = new Map<NodeId, Merit>()

  said(node: NodeId, { priority, visible }: Merit): void {
    this.#told.set(node, { priority, visible })
  }

  /** `undefined` for who has not said. */
  of(node: NodeId): Merit | undefined {
    return this.#told.get(node)
  }
}
