/** Which cards stand in which column, in order: worked out once for each state, however many ask. */
import type { Board, Card } from './board.ts'

const known = new WeakMap<Board['cards'], ReadonlyMap<string, readonly string[]>>()
const none: readonly string[] = []

/** The ids of a column's cards, from the top. The same array for the same cards. */
export function cardsOf(board: Board, column: string): readonly string[] {
  let columns = known.get(board.cards)
  if (columns === undefined) {
    columns = ordered(board.cards)
    known.set(board.cards, columns)
  }
  return columns.get(column) ?? none
}

function ordered(cards: Board['cards']): ReadonlyMap<string, readonly string[]> {
  const columns = new Map<string, [string, Card][]>()
  for (const entry of Object.entries(cards)) {
    const column = columns.get(entry[1].column)
    if (column === undefined) columns.set(entry[1].column, [entry])
    else column.push(entry)
  }
  return new Map(
    [...columns].map(([column, entries]) => [
      column,
      entries.sort(([a, { rank: x }], [b, { rank: y }]) => x - y || (a < b ? -1 : 1)).map(([id]) => id),
    ]),
  )
}

export const sameIds = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((id, i) => id === b[i]))

/**
 * A rank that puts a card at this place of a column. Ranks are numbers between those of the neighbours; where two of them are
 * so close that nothing is between, equal ranks fall back on the ids.
 */
export function rankAt(board: Board, column: string, place: number, without?: string): number {
  const ids = cardsOf(board, column).filter(id => id !== without)
  const above = board.cards[ids[place - 1] ?? '']?.rank
  const below = board.cards[ids[place] ?? '']?.rank
  if (above === undefined) return below === undefined ? 0 : below - 1
  return below === undefined ? above + 1 : (above + below) / 2
}
