/**
 * At the leader: the entries that it appended for somebody, until it is known what became of them. An entry that was appended
 * at (index, term) is committed exactly if the entry committed at that index has that term (Log Matching, §5.3); another one
 * there means that it is gone for good.
 */
import type { Entry } from '@flotilla/core'
import type { ProposeAnswer } from '../wire/frame.ts'

interface Appended {
  readonly term: number
  readonly answer: (answer: ProposeAnswer) => void
  toldUnknown: boolean
}

const superseded: ProposeAnswer = { kind: 'superseded' }

export class UnderWay {
  readonly #byIndex = new Map<number, Appended>()

  /**
   * `answer` is told the answer when the entry is applied, or `superseded` when another one is in its place. Before that it may be
   * told `unknown`, once: ask the next leader, rather than wait for what this node will hear.
   */
  follow(index: number, term: number, answer: (answer: ProposeAnswer) => void): void {
    // The same place taken anew: the old entry was truncated in between. Here; elsewhere it may still be.
    const before = this.#byIndex.get(index)
    if (before !== undefined) tellUnknown(before)
    this.#byIndex.set(index, { term, answer, toldUnknown: false })
  }

  /** This node appended it itself, as the leader. */
  isOwn({ index, term }: Entry): boolean {
    return this.#byIndex.get(index)?.term === term
  }

  applied(entry: Entry, answer: ProposeAnswer): void {
    const appended = this.#byIndex.get(entry.index)
    if (appended === undefined) return
    this.#byIndex.delete(entry.index)
    appended.answer(appended.term === entry.term ? answer : superseded)
  }

  /** A snapshot took the place of the log up to here: which entries it was made of cannot be known. */
  restored(index: number): void {
    for (const [at, appended] of this.#byIndex) {
      if (at > index) continue
      this.#byIndex.delete(at)
      tellUnknown(appended)
    }
  }

  /** Entries from here on conflicted with a leader's and are gone from this log; elsewhere they may still be. */
  truncated(from: number): void {
    for (const [at, appended] of this.#byIndex) if (at >= from) tellUnknown(appended)
  }

  /**
   * No longer the leader: what was under way may or may not commit, and whoever leads now will know first. What is still in this
   * log and was committed before that will be applied here, however slow the disk is.
   */
  lostOffice(commitIndex: number): void {
    for (const [at, appended] of this.#byIndex) if (at > commitIndex) tellUnknown(appended)
  }

  /** The node is dead: nobody is told anything. */
  stop(): void {
    this.#byIndex.clear()
  }
}

function tellUnknown(appended: Appended): void {
  if (appended.toldUnknown) return
  appended.toldUnknown = true
  appended.answer({ kind: 'unknown' })
}
