/**
 * At the leader: what became of the entries it appended for somebody. An entry that was appended at (index, term) is
 * committed exactly if the entry committed at that index has that term (Log Matching, §5.3); another one there means that it
 * is gone for good.
 */
import type { Entry } from '@flotilla/core'
import type { ProposeAnswer } from './wire/frame.ts'

interface Fate {
  readonly term: number
  readonly settle: (answer: ProposeAnswer) => void
}

const unknown: ProposeAnswer = { kind: 'unknown' }

export class Fates {
  private readonly byIndex = new Map<number, Fate>()

  /** `settle` is called once: with the answer when the entry is applied, or with `unknown` when it may be lost. */
  follow(index: number, term: number, settle: (answer: ProposeAnswer) => void): void {
    // The same place taken anew: the old entry was truncated in between.
    this.byIndex.get(index)?.settle(unknown)
    this.byIndex.set(index, { term, settle })
  }

  applied(entry: Entry, answer: ProposeAnswer): void {
    const fate = this.byIndex.get(entry.index)
    if (fate === undefined) return
    this.byIndex.delete(entry.index)
    fate.settle(fate.term === entry.term ? answer : unknown)
  }

  /** No longer the leader: what was under way may or may not commit, and whoever leads now will know. */
  lostOffice(): void {
    const fates = [...this.byIndex.values()]
    this.byIndex.clear()
    for (const { settle } of fates) settle(unknown)
  }

  /** The node is dead: nobody is told anything. */
  stop(): void {
    this.byIndex.clear()
  }
}
