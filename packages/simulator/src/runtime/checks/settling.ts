/** Every promise that a node has given settles, if its page lives: nobody waits for ever. */
import type { Report } from '../../invariants/invariant.ts'
import type { Page } from '../page.ts'

interface Given {
  readonly page: Page
  readonly what: string
  readonly at: number
}

export class Settling {
  readonly #open = new Set<Given>()

  /** Tells the promise's end to whoever asked, unless its page is dead by then. */
  watch<T>(
    page: Page,
    what: string,
    at: number,
    promise: Promise<T>,
    then: (value: T) => void = () => {},
    fails: (error: unknown) => void = () => {},
  ): void {
    const given: Given = { page, what, at }
    this.#open.add(given)
    const end = (tell: () => void): void => {
      this.#open.delete(given)
      if (page.isAlive) tell()
    }
    promise.then(
      value => end(() => then(value)),
      (error: unknown) => end(() => fails(error)),
    )
  }

  openOf(page: Page): number {
    let count = 0
    for (const given of this.#open) if (given.page === page) count++
    return count
  }

  /** How many have not settled, of pages that run. */
  get open(): number {
    let count = 0
    for (const { page } of this.#open) if (page.isAlive && !page.isFrozen) count++
    return count
  }

  judge(report: Report): void {
    for (const { page, what, at } of this.#open) {
      if (page.isAlive && !page.isFrozen)
        report(`${page.name} still waits for ${what}, asked for at ${at.toFixed(0)} ms`)
    }
  }
}
