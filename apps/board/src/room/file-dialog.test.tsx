// @vitest-environment happy-dom
import { ClusterProvider } from '@flotilla/react'
import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type BoardRoom, boardRoom } from '../fixtures/board-room.ts'
import { manyCards } from '../fixtures/many-cards.ts'
import type { Board } from '../machine/board.ts'
import { boardFile } from '../machine/board-file.ts'
import { useUi } from '../shell/ui.ts'
import FileDialog from './file-dialog.tsx'
import { useImporting } from './import-board.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

let room: BoardRoom
let element: HTMLElement
let root: Root

beforeEach(async () => {
  useImporting.setState({ under: undefined, problem: undefined })
  useUi.getState().openDialog('file')
  room = await boardRoom()
  await room.session.board.mutate.addCard({ id: 'old', title: 'Old', column: 'todo', rank: 1 }).applied
  element = document.createElement('div')
  document.body.append(element)
  root = createRoot(element)
  await act(async () =>
    root.render(
      <ClusterProvider state={room.session.state}>
        <FileDialog />
      </ClusterProvider>,
    ),
  )
})
afterEach(async () => {
  await act(async () => root.unmount())
  element.remove()
  useUi.getState().openDialog(undefined)
  await room.close()
})

async function choose(content: string): Promise<void> {
  const input = element.querySelector<HTMLInputElement>('input[type=file]')
  if (input === null) throw new Error('no input')
  Object.defineProperty(input, 'files', { configurable: true, value: [new File([content], 'board.json')] })
  await act(async () => {
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })
}

/** What React has to show is shown at the end of `act` only. */
const eventually = (look: () => void): Promise<void> =>
  vi.waitFor(async () => {
    await act(async () => undefined)
    look()
  })

const told = (): string | null | undefined => element.querySelector('[role=alert]')?.textContent

/** One card that is too large without its comments, as no board of this page has it. */
function tooLarge(): Board {
  const board = manyCards(1)
  const [[id, card] = ['', undefined]] = Object.entries(board.cards)
  if (card === undefined) throw new Error('one card')
  const long = (length: number): string => '\u0001'.repeat(length)
  const steps = Array.from({ length: 100 }, () => ({ id: long(128), text: long(200), done: false }))
  const texts = { title: long(200), notes: long(10_000), assignee: long(200), movedBy: long(256), writtenBy: long(256) }
  return { ...board, cards: { [id]: { ...card, ...texts, steps } } }
}

it('a file that is refused is told with what to do, the board stays as it was, and another can be chosen', async () => {
  const { board } = room.session
  const before = board.current()
  await choose(boardFile(tooLarge()))
  await eventually(() => expect(told()).toMatch(/too large .* in the file\. The board is as it was\.$/))
  expect(board.current()).toEqual(before)
  expect(useUi.getState().dialog).toBe('file')

  await choose('{')
  await eventually(() => expect(told()).toBe('This file is no JSON. The board is as it was.'))

  await choose(boardFile(manyCards(2)))
  await eventually(() => expect(useUi.getState().dialog).toBeUndefined())
  expect(told()).toBeUndefined()
  expect(board.current()).toEqual(manyCards(2))
})
