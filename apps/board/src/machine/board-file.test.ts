import { expect, it } from 'vitest'
import { manyCards } from '../fixtures/many-cards.ts'
import { type Board, boardMachine } from './board.ts'
import { boardFile, inParts, readBoardFile } from './board-file.ts'

it('a board of 10,000 cards goes out as a file and comes in again in changes that are not too large', () => {
  const board = manyCards(10_000)
  const { first, rest } = inParts(readBoardFile(boardFile(board)))
  const encoder = new TextEncoder()
  for (const part of [first, ...rest]) expect(encoder.encode(JSON.stringify(part)).byteLength).toBeLessThan(256 * 1024)
  const cards = Object.assign({}, first.cards, ...rest)
  expect({ ...first, cards }).toEqual(board)
  expect(rest.length).toBeGreaterThan(1)
})

it('a small board comes in as one change', () => {
  const board: Board = manyCards(20)
  expect(inParts(board)).toEqual({ first: board, rest: [] })
  expect(inParts(boardMachine.initial)).toEqual({ first: boardMachine.initial, rest: [] })
})
