import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Board, Card } from './board.ts'
import { cardsOf } from './order.ts'

const card = (column: string, rank: number): Card => ({
  title: '',
  notes: '',
  column,
  rank,
  assignee: '',
  due: '',
  steps: [],
  comments: [],
  movedBy: '',
  writtenBy: '',
})

/** By the rule itself: by rank, and by id where ranks are equal. */
const sorted = (cards: Board['cards'], column: string): readonly string[] =>
  Object.keys(cards)
    .filter(id => cards[id]?.column === column)
    .sort((a, b) => (cards[a]?.rank ?? 0) - (cards[b]?.rank ?? 0) || (a < b ? -1 : 1))

const id = fc.constantFrom(...Array.from({ length: 60 }, (_, i) => `card-${i}`))
const place = fc.record({ column: fc.constantFrom('a', 'b'), rank: fc.integer({ min: 0, max: 5 }) })
const edit = fc.record({ id, to: fc.option(place, { nil: undefined }) })

it('is the order of the ranks, whatever was edited since it was last worked out', () => {
  fc.assert(
    fc.property(fc.array(fc.array(edit, { maxLength: 60 }), { maxLength: 12 }), steps => {
      let cards: Board['cards'] = {}
      for (const edits of steps) {
        const next = { ...cards }
        for (const { id, to } of edits) {
          if (to === undefined) delete next[id]
          else next[id] = card(to.column, to.rank)
        }
        cards = next
        for (const column of ['a', 'b']) expect(cardsOf({ cards }, column)).toEqual(sorted(cards, column))
      }
    }),
  )
})

it('is the same array where an edit moved nothing', () => {
  const cards = { one: card('a', 1), two: card('a', 2), other: card('b', 1) }
  const before = [cardsOf({ cards }, 'a'), cardsOf({ cards }, 'b')]
  const after = { ...cards, one: { ...cards.one, title: 'Called otherwise' } }
  expect(cardsOf({ cards: after }, 'a')).toBe(before[0])
  const moved = { ...after, other: card('a', 3) }
  expect(cardsOf({ cards: moved }, 'a')).toEqual(['one', 'two', 'other'])
  const back = { ...moved, other: card('b', 1), two: card('b', 0) }
  expect(cardsOf({ cards: back }, 'b')).toEqual(['two', 'other'])
})
