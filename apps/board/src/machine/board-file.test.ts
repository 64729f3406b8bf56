import { expect, it } from 'vitest'
import { manyCards } from '../fixtures/many-cards.ts'
import { type Board, boardMachine, type Card } from './board.ts'
import { boardFile, inParts, type MorePart, readBoardFile } from './board-file.ts'

const encoder = new TextEncoder()
const bytesOf = (part: unknown): number => encoder.encode(JSON.stringify(part)).byteLength

/** As the changes of an import make it, one after the other. */
function together(first: Board, rest: readonly MorePart[]): Board {
  const cards: Record<string, Card> = { ...first.cards }
  for (const part of rest) {
    if (part.kind === 'cards') Object.assign(cards, part.cards)
    else {
      const card = cards[part.card]
      if (card === undefined) throw new Error('comments of a card that is not there yet')
      cards[part.card] = { ...card, comments: [...card.comments, ...part.comments] }
    }
  }
  return { ...first, cards }
}

it('a board of 10,000 cards goes out as a file and comes in again in changes that are not too large', () => {
  const board = manyCards(10_000)
  const { first, rest } = inParts(readBoardFile(boardFile(board)))
  for (const part of [first, ...rest]) expect(bytesOf(part)).toBeLessThan(256 * 1024)
  expect(together(first, rest)).toEqual(board)
  expect(rest.length).toBeGreaterThan(1)
})

it('a small board comes in as one change', () => {
  const board: Board = manyCards(20)
  expect(inParts(board)).toEqual({ first: board, rest: [] })
  expect(inParts(boardMachine.initial)).toEqual({ first: boardMachine.initial, rest: [] })
})

it('a card of as many and as long comments as it may have comes in in parts that are not too large, whatever its place', () => {
  const { cards, ...head } = manyCards(3)
  const [one, two, three] = Object.entries(cards)
  if (one === undefined || two === undefined || three === undefined) throw new Error('three cards')
  // Such as are six bytes each in JSON.
  const comments = Array.from({ length: 500 }, (_, i) => ({
    id: `${i}`,
    by: 'Mira',
    at: i,
    text: '\u0001'.repeat(10_000),
  }))
  const large = [two[0], { ...two[1], notes: '\u0001'.repeat(10_000), comments }] as const
  for (const order of [
    [large, one, three],
    [one, large, three],
    [one, three, large],
  ]) {
    const board: Board = { ...head, cards: Object.fromEntries(order) }
    const { first, rest } = inParts(board)
    for (const part of [first, ...rest]) expect(bytesOf(part)).toBeLessThan(256 * 1024)
    expect(together(first, rest)).toEqual(board)
  }
})

it('columns of long names leave no room for cards in the first part', () => {
  const columns = Array.from({ length: 100 }, (_, i) => ({ id: `column-${i}`, name: '\u0001'.repeat(200) }))
  const card: Card = {
    title: 'Large',
    notes: '\u0001'.repeat(10_000),
    column: 'column-0',
    rank: 1,
    assignee: '',
    due: '',
    steps: Array.from({ length: 100 }, (_, i) => ({ id: `${i}`, text: '\u0001'.repeat(190), done: false })),
    comments: [],
    movedBy: '',
    writtenBy: '',
  }
  const board: Board = { title: 'Wide', columns, cards: { card } }
  const { first, rest } = inParts(board)
  expect(rest).toHaveLength(1)
  for (const part of [first, ...rest]) expect(bytesOf(part)).toBeLessThan(256 * 1024)
  expect(together(first, rest)).toEqual(board)
})
