/**
 * Since when this node hears nothing of the others, as far as it can say: since the link to one went down, or since it owed
 * this node, which led, an answer. It outlives the office: where leaders come and go more often than a silence lasts
 * until it counts, no leader by itself would ever have listened for long enough to let the dead go. It does not outlive this
 * node's own sleep: a laptop that wakes up after a week must not throw everybody out before their links are up again.
 */
import type { NodeId } from '@flotilla/core'

export class Silences {
  readonly #sinceWhen = new Map<NodeId, number>()

  /** On this node's clock; whoever is not there may be well. */
  get since(): ReadonlyMap<NodeId, number> {
    return this.#sinceWhen
  }

  /** Nothing has come from it since then. What began earlier goes on. */
  began(node: NodeId, at: number): void {
    if (!this.#sinceWhen.has(node)) this.#sinceWhen.set(node, at)
  }

  /** Time may have passed here that nobody was listening in. */
  beginAnew(at: number): void {
    for (const node of this.#sinceWhen.keys()) this.#sinceWhen.set(node, at)
  }

  /** It spoke, or can again. */
  ended(node: NodeId): void {
    this.#sinceWhen.delete(node)
  }
}
