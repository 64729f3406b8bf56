/**
 * What became of every command that an outbox was given. Saved is kept: it takes effect once, or is told as lost. Refused is not sent.
 * What is in one line takes effect in its order, whichever tab sends it.
 */
import type { Report } from '../../invariants/invariant.ts'

interface Entered {
  readonly id: string
  readonly browser: number
  /** Where it is on the disk. */
  line: string | undefined
  number: number
  told: 'nothing' | 'saved' | 'refused'
  /** The disk that it was on is gone, or may be. */
  isExcused: boolean
}

/** Where a command took effect; `undefined` if it did not. */
export type PlaceOf = (id: string) => number | undefined

export class Ledger {
  readonly #entered = new Map<string, Entered>()
  /** On no disk any more, since a person has seen that it is lost. */
  readonly #dismissed = new Set<string>()

  /** A page gives it to its outbox. */
  submitted(id: string, browser: number): void {
    this.#entered.set(id, { id, browser, line: undefined, number: 0, told: 'nothing', isExcused: false })
  }

  onDisk(id: string, line: string, number: number): void {
    const entered = this.#entered.get(id)
    if (entered === undefined) return
    entered.line = line
    entered.number = number
  }

  /** The page is told that it is saved, or that it is not and will not be sent. */
  told(id: string, what: 'saved' | 'refused'): void {
    const entered = this.#entered.get(id)
    if (entered !== undefined) entered.told = what
  }

  dismissed(id: string): void {
    this.#dismissed.add(id)
  }

  /** A browser's disk is gone, with everything that was on it. */
  diskLost(browser: number): void {
    for (const entered of this.#entered.values()) if (entered.browser === browser) entered.isExcused = true
  }

  /** On a disk, without anybody having been told. */
  get unheard(): number {
    let count = 0
    for (const { line, told } of this.#entered.values()) if (line !== undefined && told === 'nothing') count++
    return count
  }

  /** `lost`: what all browsers tell as lost. */
  judge(placeOf: PlaceOf, lost: ReadonlySet<string>, report: (property: string) => Report): void {
    for (const { id, told, isExcused, line } of this.#entered.values()) {
      const isThere = placeOf(id) !== undefined
      if (told === 'refused' && isThere) report('Refused Is Not Sent')(`${id} was refused, and took effect`)
      const isOnDisk = told === 'saved' || line !== undefined
      if (isOnDisk && !isThere && !lost.has(id) && !this.#dismissed.has(id) && !isExcused)
        report('Saved Is Kept')(`${id} was on the disk, had no effect, and nobody tells that it is lost`)
    }
    this.#judgeOrder(placeOf, report('Order Of A Line'))
  }

  #judgeOrder(placeOf: PlaceOf, report: Report): void {
    const lines = new Map<string, Entered[]>()
    for (const entered of this.#entered.values()) {
      if (entered.line === undefined) continue
      const key = `${entered.browser} ${entered.line}`
      lines.set(key, [...(lines.get(key) ?? []), entered])
    }
    for (const [line, commands] of lines) {
      let before: { readonly id: string; readonly index: number } | undefined
      for (const { id } of commands.sort((a, b) => a.number - b.number)) {
        const index = placeOf(id)
        if (index === undefined) continue
        if (before !== undefined && index <= before.index)
          report(
            `of line ${line}, ${id} took effect at ${index} and ${before.id}, which is before it, at ${before.index}`,
          )
        before = { id, index }
      }
    }
  }
}
