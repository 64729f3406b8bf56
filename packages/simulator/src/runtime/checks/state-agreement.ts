/** 18, at any index: two nodes that have applied the same have the same state, sessions and the order in which they expire included. */
import type { NodeId } from '@flotilla/core'

export class StateAgreement {
  readonly #first = new Map<number, { readonly node: NodeId; readonly digest: string }>()
  readonly #report: (detail: string) => void

  constructor(report: (detail: string) => void) {
    this.#report = report
  }

  /** What a node says its state comes to, where it had applied everything up to `index` and nothing after. */
  told(node: NodeId, index: number, digest: string): void {
    const first = this.#first.get(index)
    if (first === undefined) this.#first.set(index, { node, digest })
    else if (first.digest !== digest)
      this.#report(`${node} has the state ${digest} at ${index}; ${first.node} had ${first.digest}`)
  }
}
