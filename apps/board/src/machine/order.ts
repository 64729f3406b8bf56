/** Which cards stand in which column, in order: worked out once for each state, however many ask, and from the state before. */
import type { Board, Card } from './board.ts'

type Cards = Board['cards']
type Columns = ReadonlyMap<string, readonly string[]>

const known = new WeakMap<Cards, Columns>()
const none: readonly string[] = []
/** One edit is a few cards; where more are others, all is sorted anew. */
const FEW = 32

/** The cards that were put in order last: comparing lists is much cheaper than looking ten thousand ids up. */
interface Listed {
  readonly cards: Cards
  readonly ids: readonly string[]
  readonly values: readonly (Card | undefined)[]
}

let latest: Listed | undefined

/** The ids of a column's cards, from the top. The same array for the same cards in the same order. */
export function cardsOf({ cards }: Pick<Board, 'cards'>, column: string): readonly string[] {
  let columns = known.get(cards)
  if (columns === undefined) {
    const listed = list(cards)
    const before = latest && known.get(latest.cards)
    columns = (latest && before && changed(listed, latest, before)) ?? ordered(cards)
    known.set(cards, columns)
    latest = listed
  }
  return columns.get(column) ?? none
}

/** Of ten thousand cards `Object.values` takes three times as long. */
function list(cards: Cards): Listed {
  const ids = Object.keys(cards)
  return { cards, ids, values: ids.map(id => cards[id]) }
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
function changed(after: Listed, last: Listed, columns: Columns): Columns | undefined {
  const { cards } = after
  const { cards: before } = last
  const isSame = (i: number, j: number): boolean => after.ids[i] === last.ids[j] && after.values[i] === last.values[j]
  const [length, lastLength] = [after.ids.length, last.ids.length]
  const shorter = Math.min(length, lastLength)
  let head = 0
  while (head < shorter && isSame(head, head)) head++
  let tail = 0
  while (tail < shorter - head && isSame(length - 1 - tail, lastLength - 1 - tail)) tail++
  const between = new Set([...after.ids.slice(head, length - tail), ...last.ids.slice(head, lastLength - tail)])
  const others = [...between].filter(id => cards[id] !== before[id])
  if (others.length > FEW) return undefined
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
