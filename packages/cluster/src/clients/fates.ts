/**
 * At the leader: what became of the entries it appended for somebody. An entry that was appended at (index, term) is
 * committed exactly if the entry committed at that index has that term (Log Matching, §5.3); another one there means that it
 * is gone for good.
 */
import type { Entry } from '@flotilla/core'
import type { ProposeAnswer } from '../wire/frame.ts'

interface Fate {
  readonly term: number
  readonly settle: (answer: ProposeAnswer) => void
  toldUnknown: boolean
}

const superseded: ProposeAnswer = { kind: 'superseded' }

export class Fates {
  private readonly byIndex = new Map<number, Fate>()

  /**
   * `settle` is told the answer when the entry is applied, or `superseded` when another one is in its place. Before that it may be told
   * `unknown`, once: ask the next leader, rather than wait for what this node will hear.
   */
  follow(index: number, term: number, settle: (answer: ProposeAnswer) => void): void {
    // The same place taken anew: the old entry was truncated in between. Here; elsewhere it may still be.
    const before = this.byIndex.get(index)
    if (before !== undefined) tellUnknown(before)
    this.byIndex.set(index, { term, settle, toldUnknown: false })
  }

  applied(entry: Entry, answer: ProposeAnswer): void {
    const fate = this.byIndex.get(entry.index)
    if (fate === undefined) return
    this.byIndex.delete(entry.index)
    fate.settle(fate.term === entry.term ? answer : superseded)
  }

  /** A snapshot took the place of the log up to here: which entries it was made of cannot be known. */
  restored(index: number): void {
    for (const [at, fate] of this.byIndex) {
      if (at > index) continue
      this.byIndex.delete(at)
      tellUnknown(fate)
    }
  }

  /** No longer the leader: what was under way may or may not commit, and whoever leads now will know first. */
  lostOffice(): void {
    for (const fate of [...this.byIndex.values()]) tellUnknown(fate)
  }

  /** The node is dead: nobody is told anything. */
  stop(): void {
    this.byIndex.clear()
  }
}

function tellUnknown(fate: Fate): void {
  if (fate.toldUnknown) return
  fate.toldUnknown = true
  fate.settle({ kind: 'unknown' })
}
