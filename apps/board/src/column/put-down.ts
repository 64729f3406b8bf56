/** What becomes of a card that is put down. */
import { flushSync } from 'react-dom'
import { cardsOf, rankAt } from '../machine/order.ts'
import type { Session } from '../room/session.ts'
import { useUi } from '../shell/ui.ts'
import { type Held, placeInWords, useHeld } from './held.ts'

export function putDown(session: Session): void {
  const { held, hold } = useHeld.getState()
  hold(undefined)
  if (held === undefined) return
  put(session, held)
  keepFocus(held)
}

function put({ board }: Session, held: Held): void {
  const state = board.current()
  const before = [...state.columns.map(({ id }) => id)].includes(held.column)
  const { say } = useUi.getState()
  if (!before || !Object.hasOwn(state.cards, held.id)) return say('The card or its column is gone.')
  if (cardsOf(state, held.column)[held.place] === held.id) return say('Put back.')
  const rank = rankAt(state, held.column, held.place, held.id)
  board.mutate.moveCard({ id: held.id, from: held.from, to: held.column, rank })
  say(`Put down: ${placeInWords(state, held)}.`)
}

export function putBack(): void {
  const { held, hold } = useHeld.getState()
  hold(undefined)
  useUi.getState().say('Put back.')
  if (held !== undefined) keepFocus(held)
}

/** In another column it is another element, and who works by keys goes on from where the card is now. */
function keepFocus({ id, by }: Held): void {
  if (by !== 'keys') return
  // So that it is in the page already.
  flushSync(() => undefined)
  document.querySelector<HTMLElement>(`article[data-card="${CSS.escape(id)}"]`)?.focus()
}
