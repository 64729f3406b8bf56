/** From card to card by the arrow keys: the next one in that direction, as they lie on the screen. */
import type { Direction } from './held.ts'

export function walk(from: EventTarget, direction: Direction): void {
  if (!(from instanceof HTMLElement)) return
  const column = from.closest('[data-column]')
  if (column === null) return
  if (direction === 'up' || direction === 'down') {
    const cards = cardsIn(column)
    const next = cards[cards.indexOf(from) + (direction === 'up' ? -1 : 1)]
    return next?.focus()
  }
  const columns = [...document.querySelectorAll('[data-column]')]
  const step = direction === 'left' ? -1 : 1
  const { top } = from.getBoundingClientRect()
  for (let i = columns.indexOf(column) + step; columns[i] !== undefined; i += step) {
    const cards = cardsIn(columns[i])
    const nearest = cards.toSorted((a, b) => away(a, top) - away(b, top))[0]
    if (nearest !== undefined) return nearest.focus()
  }
}

const cardsIn = (column: Element | undefined): HTMLElement[] => [
  ...(column?.querySelectorAll<HTMLElement>('article[data-card]') ?? []),
]

const away = (card: HTMLElement, top: number): number => Math.abs(card.getBoundingClientRect().top - top)
