/** Which cards stand in which column, in order: worked out once for each state, however many ask, and from the state before. */
import type { Board, Card } from './board.ts'

type Cards = Board['cards']
type Columns = ReadonlyMap<string, readonly string[]>

const known = new WeakMap<Cards, Columns>()
const none: readonly string[] = []
/** One edit is a few cards; where more are others, all is sorted anew. */
const FEW = 32

let latest: Cards | undefined

/** The ids of a column's cards, from the top. The same array for the same cards in the same order. */
export function cardsOf({ cards }: Pick<Board, 'cards'>, column: string): readonly string[] {
  let columns = known.get(cards)
  if (columns === undefined) {
    const before = latest && known.get(latest)
    columns = (latest && before && changed(cards, latest, before)) ?? ordered(cards)
    known.set(cards, columns)
  }
  latest = cards
  return columns.get(column) ?? none
}

function ordered(cards: Cards): Columns {
  const columns = new Map<string, string[]>()
  for (const [id, { column }] of Object.entries(cards)) {
    const ids = columns.get(column)
    if (ids === undefined) columns.set(column, [id])
    else ids.push(id)
  }
  for (const ids of columns.values()) ids.sort((a, b) => compare(cards, a, b))
  return columns
}

/** From another state that is the same but for a few cards; `undefined` where it is not. */
function changed(cards: Cards, before: Cards, columns: Columns): Columns | undefined {
  const others: string[] = []
  let count = 0
  for (const id in cards) {
    count++
    if (cards[id] === before[id]) continue
    others.push(id)
    if (others.length > FEW) return undefined
  }
  const added = others.filter(id => before[id] === undefined).length
  if (count !== Object.keys(before).length + added) {
    for (const id in before) if (cards[id] === undefined && others.push(id) > FEW) return undefined
  }
  const moved = others.filter(id => cards[id]?.column !== before[id]?.column || cards[id]?.rank !== before[id]?.rank)
  const next = new Map(columns)
  // All are taken out first: what is left is in order.
  for (const id of moved) {
    const column = before[id]?.column
    if (column !== undefined) next.set(column, next.get(column)?.filter(each => each !== id) ?? none)
  }
  for (const id of moved) {
    const column = cards[id]?.column
    if (column !== undefined) next.set(column, withOne(cards, next.get(column) ?? none, id))
  }
  return next
}

function withOne(cards: Cards, ids: readonly string[], id: string): readonly string[] {
  let from = 0
  let to = ids.length
  while (from < to) {
    const middle = (from + to) >> 1
    if (compare(cards, ids[middle] ?? id, id) < 0) from = middle + 1
    else to = middle
  }
  return ids.toSpliced(from, 0, id)
}

export const sameIds = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((id, i) => id === b[i]))

function compare(cards: Cards, a: string, b: string): number {
  const { rank: x = 0 }: Partial<Card> = cards[a] ?? {}
  const { rank: y = 0 }: Partial<Card> = cards[b] ?? {}
  return x - y || (a < b ? -1 : 1)
}

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
