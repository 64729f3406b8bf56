// @vitest-environment happy-dom
import { ClusterError } from '@flotilla/cluster'
import { act } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type BoardRoom, boardRoom } from '../fixtures/board-room.ts'
import { type Shown, shownIn } from '../fixtures/shown.tsx'
import { Refusals } from './refusals.tsx'
import { useUi } from './ui.ts'
import { undoLast } from './undo-last.ts'

let room: BoardRoom
let shown: Shown

beforeEach(async () => {
  useUi.getState().say('')
  room = await boardRoom()
  const { board } = room.session
  await board.mutate.addCard({ id: 'a', title: 'Buoys', column: 'todo', rank: 1 }).applied
  shown = await shownIn(room.session, <Refusals />)
})
afterEach(async () => {
  await shown.remove()
  await room.close()
})

it('long notes of a card that is gone are all there in the card that is made of them', async () => {
  const { board } = room.session
  const text = `First line\n${'and more '.repeat(100)}`
  await board.mutate.removeCard('a').applied
  await act(async () => board.mutate.writeCard({ id: 'a', field: 'notes', was: '', text }))
  expect(shown.element.textContent).toContain('The card was removed.')
  const keep = [...shown.element.querySelectorAll('button')].find(button => button.textContent === 'Keep as a new card')
  await act(async () => keep?.click())
  const [kept] = Object.values(board.current().cards)
  expect(kept?.title).toMatch(/^First line and more/)
  expect(kept?.notes).toBe(text)
  expect(shown.element.textContent).toBe('')
})

const buttons = (name: string): readonly HTMLButtonElement[] =>
  [...shown.element.querySelectorAll('button')].filter(({ textContent }) => textContent === name)
/** Whether the person is asked before the page goes. */
const isAsked = (): boolean => !dispatchEvent(new Event('beforeunload', { cancelable: true }))

it('whoever leaves is asked while a notice has the only text of what this device could not save', async () => {
  const { board } = room.session
  room.disk.isFull = true
  // Of this nobody has typed anything.
  await act(async () => board.mutate.removeCard('a'))
  expect(shown.element.textContent).toContain('This device could not save it')
  expect(isAsked()).toBe(false)
  await act(async () => buttons('All right')[0]?.click())
  await act(async () => board.mutate.addCard({ id: 'b', title: 'Ferry times', column: 'todo', rank: 1 }))
  expect(shown.element.textContent).toContain('This device could not save it')
  expect(isAsked()).toBe(true)
  await act(async () => buttons('Discard')[0]?.click())
  expect(isAsked()).toBe(false)
})

it('of many notices all can be seen, and fewer again', async () => {
  room.disk.isFull = true
  const { board } = room.session
  await act(async () => {
    for (let i = 0; i < 5; i++) board.mutate.addCard({ id: `b${i}`, title: `Card ${i}`, column: 'todo', rank: i })
  })
  expect(buttons('Discard')).toHaveLength(3)
  expect(shown.element.textContent).toContain('and 2 more')
  await act(async () => buttons('Show all')[0]?.click())
  expect(buttons('Discard')).toHaveLength(5)
  await act(async () => buttons('Show fewer')[0]?.click())
  expect(buttons('Discard')).toHaveLength(3)
  await act(async () => buttons('Show all')[0]?.click())
  for (let i = 0; i < 2; i++) await act(async () => buttons('Discard')[0]?.click())
  expect(buttons('Discard')).toHaveLength(3)
  expect(buttons('Show fewer')).toEqual([])
})

it('an undo that is refused is told with its reason, and not said to be done', async () => {
  const { board, state } = room.session
  const change = board.undo()
  await change?.applied
  if (change === undefined) throw new Error('an own change')
  // As the state does where the last change cannot be taken back.
  vi.spyOn(board, 'undo').mockImplementation(() => {
    const message = 'the last change is too long to be undone'
    const command = { machine: 'board', version: 2, id: 'undo', by: '', now: 0, what: change.what }
    state.failures.add(command, new ClusterError('Rejected', message, { thrown: { name: 'NothingToUndo', message } }))
    return { ...change, progress: 'rejected' }
  })
  await act(async () => undoLast(room.session))
  expect(shown.element.querySelector('[role=alert]')?.textContent).toContain(
    'Not done: you undid a change. The last change is too long to be undone.',
  )
  expect(useUi.getState().said).toBe('')
})

it('an undo that is done is said, and so is that there is nothing to undo', async () => {
  const { board } = room.session
  undoLast(room.session)
  expect(useUi.getState().said).toBe('Undone.')
  expect(board.current().cards).toEqual({})
  undoLast(room.session)
  expect(useUi.getState().said).toBe('There is nothing of yours to undo.')
})
