// @vitest-environment happy-dom
/** How much of a large board renders again: counted, not timed. */
import { ClusterProvider } from '@flotilla/react'
import { defineMachine, ReplicatedMachines } from '@flotilla/state'
import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, it, vi } from 'vitest'
import { boardRoom } from '../fixtures/board-room.ts'
import { manyCards } from '../fixtures/many-cards.ts'
import { boardMachine } from '../machine/board.ts'
import { RoomContext } from '../room/room-context.ts'
import { BoardView } from './board-view.tsx'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

/** Titles of the cards of which something was rendered since this was last emptied. */
const rendered: string[] = []
vi.mock('../card/card-face.tsx', () => ({
  CardFace: ({ card }: { readonly card: { readonly title: string } }) => {
    rendered.push(card.title)
    return card.title
  },
}))

it('of 10,000 cards those in sight are in the page, and an edit renders the card that it changed and no other', async () => {
  // Nothing has a size here; columns must have one to know what is in sight.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(100)
  // As the board's own, and begins with many.
  const { name, version, mutations } = boardMachine
  const machines = new ReplicatedMachines([defineMachine({ name, version, mutations, initial: manyCards(10_000) })])
  const { session, close } = await boardRoom(machines)
  const { state, board } = session
  await board.mutate.nameBoard('Large').applied
  const element = document.createElement('div')
  document.body.append(element)
  const root = createRoot(element)
  await act(async () =>
    root.render(
      <RoomContext.Provider value={session}>
        <ClusterProvider state={state}>
          <BoardView />
        </ClusterProvider>
      </RoomContext.Provider>,
    ),
  )
  const inPage = element.querySelectorAll('[data-card]').length
  expect(inPage).toBeGreaterThan(0)
  expect(inPage).toBeLessThan(100)
  expect(element.querySelector('[data-card="card-0"]')?.getAttribute('aria-setsize')).toBe('3334')

  rendered.length = 0
  const written = await act(async () => {
    const change = board.mutate.writeCard({
      id: 'card-0',
      field: 'title',
      was: 'Card 0 of many',
      text: 'Called otherwise',
    })
    await change.applied
    return change
  })
  expect(written.progress).toBe('committed')
  expect(new Set(rendered)).toEqual(new Set(['Called otherwise']))

  // Far below what is in sight: nothing.
  rendered.length = 0
  await act(async () => {
    await board.mutate.writeCard({ id: 'card-9000', field: 'title', was: 'Card 9000 of many', text: 'Far' }).applied
  })
  expect(rendered).toEqual([])
  await act(async () => root.unmount())
  element.remove()
  await close()
})
