/**
 * The card that this person holds, by pointer or by keys, and where it would come to stand. Nothing is told to anybody before it
 * is put down.
 */
import { create } from 'zustand'
import type { Board } from '../machine/board.ts'
import { cardsOf } from '../machine/order.ts'

export interface Held {
  readonly id: string
  readonly from: string
  readonly column: string
  /** Among the other cards of the column: 0 is the top. */
  readonly place: number
  readonly by: 'pointer' | 'keys'
}

interface HeldStore {
  readonly held: Held | undefined
  readonly hold: (held: Held | undefined) => void
}

export const useHeld = create<HeldStore>()(set => ({ held: undefined, hold: held => set({ held }) }))

export function pickedUp(board: Board, id: string, by: Held['by']): Held | undefined {
  const from = board.cards[id]?.column
  if (from === undefined) return undefined
  return { id, from, column: from, place: cardsOf(board, from).indexOf(id), by }
}

export type Direction = 'up' | 'down' | 'left' | 'right'

const directions: ReadonlyMap<string, Direction> = new Map([
  ['ArrowUp', 'up'],
  ['ArrowDown', 'down'],
  ['ArrowLeft', 'left'],
  ['ArrowRight', 'right'],
])

export const directionOf = (key: string): Direction | undefined => directions.get(key)

/** One step further; where it cannot go, it stays. */
export function moved(board: Board, held: Held, direction: Direction): Held {
  const others = (column: string): number => cardsOf(board, column).filter(id => id !== held.id).length
  if (direction === 'up') return { ...held, place: Math.max(0, held.place - 1) }
  if (direction === 'down') return { ...held, place: Math.min(others(held.column), held.place + 1) }
  const at = board.columns.findIndex(({ id }) => id === held.column)
  const next = board.columns[direction === 'left' ? at - 1 : at + 1]
  return next === undefined ? held : { ...held, column: next.id, place: Math.min(held.place, others(next.id)) }
}

/** Where a card is, in words, counted from one. */
export function placeInWords(board: Board, { column, place }: Pick<Held, 'column' | 'place'>): string {
  const name = board.columns.find(({ id }) => id === column)?.name ?? ''
  return `${name}, place ${place + 1}`
}
