import { afterEach, beforeEach, expect, it } from 'vitest'
import { type BoardRoom, boardRoom } from '../fixtures/board-room.ts'
import { manyCards } from '../fixtures/many-cards.ts'
import type { Board } from '../machine/board.ts'
import { boardFile, readBoardFile } from '../machine/board-file.ts'
import { importBoard, useImporting } from './import-board.ts'

let room: BoardRoom
beforeEach(async () => {
  useImporting.setState({ under: undefined, problem: undefined })
  room = await boardRoom()
  await room.session.board.mutate.addCard({ id: 'old', title: 'Old', column: 'todo', rank: 1 }).applied
})
afterEach(() => room.close())

/** Four cards, of which two are larger than a change may be. */
function withLargeCard(): Board {
  const board = manyCards(3)
  const large = board.cards['card-1']
  if (large === undefined) throw new Error('three cards')
  const comments = Array.from({ length: 30 }, (_, i) => ({
    id: `${i}`,
    by: 'Mira',
    at: i,
    text: `${i}`.padEnd(10_000, '.'),
  }))
  return { ...board, cards: { ...board.cards, 'card-1': { ...large, comments }, 'card-9': { ...large, comments } } }
}

it('a board with cards of many comments comes in as it was exported', async () => {
  const { board } = room.session
  const exported = withLargeCard()
  expect(await importBoard(board, readBoardFile(boardFile(exported)))).toBe(true)
  expect(board.current()).toEqual(exported)
  expect(useImporting.getState()).toEqual({ under: undefined, problem: undefined })

  // And what came in goes out and in again.
  const again = readBoardFile(boardFile(board.current()))
  expect(await importBoard(board, again)).toBe(true)
  expect(board.current()).toEqual(exported)
})

it('of an import whose first part is refused nothing comes in, and the old board stays as it was', async () => {
  const { board, state } = room.session
  const before = board.current()
  const file = withLargeCard()
  const title = '.'.repeat(300_000)
  expect(await importBoard(board, { ...file, title })).toBe(false)
  expect(board.current()).toEqual(before)
  expect(useImporting.getState().problem).toMatch(/too large to be sent.*The board is as it was\.$/)
  expect(state.failures.get()).toHaveLength(1)
})

it('an import that ends in the middle says which part is missing and what to do, and sends none after it', async () => {
  const { board } = room.session
  const file = withLargeCard()
  const done = importBoard(board, file)
  // Somebody removes a card before its comments are there.
  const stop = board.subscribe(({ cards }) => {
    if (cards['card-9'] !== undefined) queueMicrotask(() => board.mutate.removeCard('card-9'))
  })
  expect(await done).toBe(false)
  stop()
  const { under, problem } = useImporting.getState()
  expect(under).toBeUndefined()
  expect(problem).toMatch(/^Part \d of \d is missing: The card was removed\. .*Import the file again/)
  expect(Object.keys(board.current().cards).toSorted()).toEqual(['card-0', 'card-1', 'card-2'])
})
