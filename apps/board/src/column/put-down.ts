/** What becomes of a card that is put down. */
import { rankAt } from '../machine/order.ts'
import type { Session } from '../room/session.ts'
import { useUi } from '../shell/ui.ts'
import { placeInWords, useHeld } from './held.ts'

export function putDown({ board }: Session): void {
  const { held, hold } = useHeld.getState()
  hold(undefined)
  if (held === undefined) return
  const state = board.current()
  const before = [...state.columns.map(({ id }) => id)].includes(held.column)
  const { say } = useUi.getState()
  if (!before || !Object.hasOwn(state.cards, held.id)) return say('The card or its column is gone.')
  const rank = rankAt(state, held.column, held.place, held.id)
  const { rank: old, column } = state.cards[held.id] ?? { rank, column: held.column }
  if (column === held.column && old === rank) return say('Put back.')
  board.mutate.moveCard({ id: held.id, from: held.from, to: held.column, rank })
  say(`Put down: ${placeInWords(state, held)}.`)
}

export function putBack(): void {
  useHeld.getState().hold(undefined)
  useUi.getState().say('Put back.')
}
