/** How large the ledger's rows and columns are: as many as there is room for, and no value cut that need not be. Pure. */

import type { Stage } from '../stage/stage.ts'
import { entryWords } from '../trace-view/entry-words.ts'
import { entriesBetween, type LogView } from '../trace-view/log-view.ts'

export interface RowSize {
  /** In rem. */
  readonly row: number
  /** What is in a tall row grows along. */
  readonly grown: number
  /** Of the entry's text. None: it stands in the term's line. */
  readonly lines: 0 | 1 | 2
}

/** In rem. Rows grow into the height there is, between these. */
const LEAST_ROW = 1.75
const LARGEST_ROW = 6
/** From here on the text has a line of its own, and two. */
const ONE_LINE_ROW = 3.7
const TWO_LINES_ROW = 5.2
const AXIS = 2
const SCROLL_BAR = 1

export function rowSize(heightInRem: number, rows: number): RowSize {
  const row = Math.min(LARGEST_ROW, Math.max(LEAST_ROW, (heightInRem - AXIS - SCROLL_BAR) / Math.max(1, rows)))
  const grown = 1 + Math.max(0, (row - ONE_LINE_ROW) / (LARGEST_ROW - ONE_LINE_ROW)) * 0.2
  return { row, grown, lines: row < ONE_LINE_ROW ? 0 : row < TWO_LINES_ROW ? 1 : 2 }
}

/** The widths that columns have, in rem. Few, so that the picture does not shift with every entry. */
const WIDTHS = [3.2, 3.6, 4, 4.4, 4.8, 5.2, 5.6, 6.2, 7, 8, 9]
/** A letter's, in rem, and what stands around the text. */
const LETTER = 0.47
const AROUND = 1.05
/** The term that stands in the same line. */
const TERM = 1.2
/** Whose texts decide: those that a reader of the end sees. */
const TAIL = 24
/** However long its values are, a log of fewer columns would be none. */
const LEAST_COLUMNS = 5

/** A column's width in rem for these logs, in so much width. */
export function columnWidth(
  logs: readonly LogView[],
  { grown, lines }: RowSize,
  widthInRem: number,
  inCell?: Stage['inCell'],
): number {
  let longest = 0
  let longestWord = 0
  for (const log of logs) {
    for (const entry of entriesBetween(log, log.lastIndex - TAIL + 1, log.lastIndex)) {
      const text = inCell?.(entry, lines) ?? entryWords(entry).short
      // A configuration may be cut between its words.
      if (entry.kind === 'command') longest = Math.max(longest, text.length)
      for (const word of text.split(' ')) longestWord = Math.max(longestWord, word.length)
    }
  }
  // Two lines are broken where a word ends.
  const letters = Math.max(longestWord, lines === 2 ? longest / 2 + 2 : longest)
  const wanted = letters * LETTER * grown + AROUND + (lines === 0 ? TERM : 0)
  const width = WIDTHS.find(width => width >= wanted) ?? WIDTHS.at(-1) ?? wanted
  return Math.max(WIDTHS[0] ?? 0, Math.min(width, widthInRem / LEAST_COLUMNS))
}
