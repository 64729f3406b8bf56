/** The board that is edited, and what must be true of it: worked out anew, in another way, from the changes that took effect. */
import { defineMachine, type StateCommand } from '@flotilla/state'

export const columns = ['todo', 'doing', 'done'] as const

type Column = (typeof columns)[number]

export interface Board {
  readonly cards: Readonly<Record<string, string>>
  /** The cards of each, from above. */
  readonly order: Readonly<Record<Column, readonly string[]>>
}

const initial: Board = { cards: {}, order: { todo: [], doing: [], done: [] } }

export const board = defineMachine({
  name: 'board',
  version: 1,
  initial,
  mutations: {
    add: (draft, { column, text }: { readonly column: Column; readonly text: string }, { id }) => {
      draft.cards[id] = text
      draft.order[column].push(id)
    },
    move: (draft, { card, column, at }: { readonly card: string; readonly column: Column; readonly at: number }) => {
      if (!(card in draft.cards)) throw new Error('there is no such card')
      for (const each of columns) draft.order[each] = draft.order[each].filter(id => id !== card)
      draft.order[column].splice(at, 0, card)
    },
    edit: (draft, { card, text }: { readonly card: string; readonly text: string }) => {
      if (!(card in draft.cards)) throw new Error('there is no such card')
      draft.cards[card] = text
    },
    remove: (draft, { card }: { readonly card: string }) => {
      if (!(card in draft.cards)) throw new Error('there is no such card')
      delete draft.cards[card]
      for (const each of columns) draft.order[each] = draft.order[each].filter(id => id !== card)
    },
  },
})

/** `undefined` if the board is what these changes make of it, each once and in their order. */
export function wrongWith({ cards, order }: Board, changes: readonly StateCommand[]): string | undefined {
  const placed = columns.flatMap(column => order[column])
  if (new Set(placed).size !== placed.length) return 'a card is in two places'
  if (placed.length !== Object.keys(cards).length) return 'a card is in no column, or none is there'
  const expected = new Map<string, { text: unknown; column: unknown }>()
  for (const { id, what } of changes) {
    if (what.kind !== 'mutate') continue
    const { card, text, column } = argumentsOf(what.args)
    const before = expected.get(String(card))
    if (what.name === 'add') expected.set(id, { text, column })
    else if (what.name === 'remove') expected.delete(String(card))
    else if (before === undefined) return `${id} changed a card that is not there`
    else if (what.name === 'edit') before.text = text
    else before.column = column
  }
  for (const [card, { text, column }] of expected) {
    if (cards[card] !== text) return `${card} says ${cards[card]}, not ${text}`
    if (!columns.some(each => each === column && order[each].includes(card))) return `${card} is not in ${column}`
  }
  return expected.size === placed.length ? undefined : `there are ${placed.length} cards, not ${expected.size}`
}

function argumentsOf(args: unknown): Record<'card' | 'text' | 'column', unknown> {
  const given = typeof args === 'object' && args !== null ? args : {}
  return { card: Reflect.get(given, 'card'), text: Reflect.get(given, 'text'), column: Reflect.get(given, 'column') }
}
