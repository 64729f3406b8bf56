/** A node is driven by one thread: whoever was robbed of it, and runs, falls silent as soon as it can have noticed. */
import type { NodeId } from '@flotilla/core'
import type { Report } from '../../invariants/invariant.ts'
import type { Page } from '../../runtime/page.ts'

/** Time to hear that the lock is gone, or to have a write refused. Milliseconds. */
const noticesWithinMs = 2_000

export class OneVoice {
  /** When it first spoke without being the owner, since it last woke up. */
  readonly #since = new Map<Page, number>()
  readonly #report: Report

  constructor(report: Report) {
    this.#report = report
  }

  /** Somebody speaks for a node that another thread has opened. */
  sent(node: NodeId, by: Page, now: number): void {
    const since = this.#since.get(by)
    if (since === undefined) this.#since.set(by, now)
    else if (now - since > noticesWithinMs)
      this.#report(`${by.name} still speaks for ${node}, ${(now - since).toFixed(0)} ms after it was another's`)
  }

  woke(thread: Page): void {
    this.#since.delete(thread)
  }
}
