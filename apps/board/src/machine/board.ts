/**
 * The board as everybody has it, and all that can happen to it. A change says what its author saw (`from`, `was`): if somebody
 * else was first, the change is refused in words that a person understands, instead of undoing the other's without a sound.
 */
import { defineMachine } from '@flotilla/state'

export interface Step {
  readonly id: string
  readonly text: string
  readonly done: boolean
}

export interface Comment {
  readonly id: string
  readonly by: string
  /** Milliseconds since 1970, by its author's clock. */
  readonly at: number
  readonly text: string
}

export interface Card {
  readonly title: string
  readonly notes: string
  readonly column: string
  /** Cards of a column stand in this order; of equal ones the smaller id first. */
  readonly rank: number
  readonly assignee: string
  /** A day, such as `2027-06-04`, or empty. */
  readonly due: string
  readonly steps: readonly Step[]
  readonly comments: readonly Comment[]
  /** Who moved and who wrote it last, for whoever comes too late. */
  readonly movedBy: string
  readonly writtenBy: string
}

export interface Column {
  readonly id: string
  readonly name: string
}

export interface Board {
  readonly title: string
  readonly columns: readonly Column[]
  readonly cards: Readonly<Record<string, Card>>
}

/** What of a card is one text of its author's. */
export type CardField = 'title' | 'notes' | 'assignee' | 'due'

export const MAX_TITLE = 200
export const MAX_NOTES = 10_000
export const MAX_COMMENTS = 500

const emptyBoard: Board = {
  title: 'New board',
  columns: [
    { id: 'todo', name: 'To do' },
    { id: 'doing', name: 'Doing' },
    { id: 'done', name: 'Done' },
  ],
  cards: {},
}

/**
 * As it was at first. Members that have nothing newer go on with it until a page with the version after it comes; a mutation
 * that they do not know would have an effect on some nodes and none on others.
 */
export const firstBoardMachine = defineMachine({
  name: 'board',
  version: 1,
  initial: emptyBoard,
  mutations: {
    nameBoard: (board, title: string) => {
      board.title = short(title)
    },
    addColumn: (board, { id, name }: { readonly id: string; readonly name: string }) => {
      if (board.columns.some(column => column.id === id)) throw new Error('That column is there already.')
      board.columns.push({ id, name: short(name) })
    },
    nameColumn: (board, { id, name }: { readonly id: string; readonly name: string }) => {
      found(
        board.columns.find(column => column.id === id),
        'That column was removed.',
      ).name = short(name)
    },
    removeColumn: (board, id: string) => {
      if (Object.values(board.cards).some(({ column }) => column === id))
        throw new Error('There are cards in that column.')
      board.columns = board.columns.filter(column => column.id !== id)
    },
    addCard: (
      board,
      {
        id,
        title,
        column,
        rank,
      }: { readonly id: string; readonly title: string; readonly column: string; readonly rank: number },
      { by },
    ) => {
      if (Object.hasOwn(board.cards, id)) throw new Error('That card is there already.')
      found(
        board.columns.find(each => each.id === column),
        'That column was removed.',
      )
      board.cards[id] = {
        title: short(title),
        notes: '',
        column,
        rank,
        assignee: '',
        due: '',
        steps: [],
        comments: [],
        movedBy: by,
        writtenBy: by,
      }
    },
    /** `was`: what its author saw. */
    writeCard: (
      board,
      {
        id,
        field,
        was,
        text,
      }: { readonly id: string; readonly field: CardField; readonly was: string; readonly text: string },
      { by },
    ) => {
      const card = cardOf(board, id)
      if (card[field] !== was) throw new Error(`${someone(card.writtenBy)} changed the ${wordFor[field]} first.`)
      if (text.length > MAX_NOTES) throw new Error('That is too long.')
      card[field] = field === 'title' ? short(text) : text
      card.writtenBy = by
    },
    /** `from`: the column in which its author saw it. */
    moveCard: (
      board,
      {
        id,
        from,
        to,
        rank,
      }: { readonly id: string; readonly from: string; readonly to: string; readonly rank: number },
      { by },
    ) => {
      const card = cardOf(board, id)
      const column = found(
        board.columns.find(each => each.id === to),
        'That column was removed.',
      )
      if (card.column !== from && card.column !== column.id) {
        const where = board.columns.find(each => each.id === card.column)?.name ?? 'another column'
        throw new Error(`${someone(card.movedBy)} moved it to ${where} first.`)
      }
      card.column = to
      card.rank = rank
      card.movedBy = by
    },
    removeCard: (board, id: string) => {
      cardOf(board, id)
      delete board.cards[id]
    },
    addStep: (board, { card, text }: { readonly card: string; readonly text: string }, { newId }) => {
      const { steps } = cardOf(board, card)
      if (steps.length >= 100) throw new Error('A card has at most 100 steps.')
      steps.push({ id: newId(), text: short(text), done: false })
    },
    tickStep: (
      board,
      { card, step, done }: { readonly card: string; readonly step: string; readonly done: boolean },
    ) => {
      found(
        cardOf(board, card).steps.find(({ id }) => id === step),
        'That step was removed.',
      ).done = done
    },
    removeStep: (board, { card, step }: { readonly card: string; readonly step: string }) => {
      const draft = cardOf(board, card)
      draft.steps = draft.steps.filter(({ id }) => id !== step)
    },
    comment: (board, { card, text }: { readonly card: string; readonly text: string }, { newId, now, by }) => {
      const { comments } = cardOf(board, card)
      if (text.length > MAX_NOTES) throw new Error('That comment is too long.')
      if (comments.length >= MAX_COMMENTS) throw new Error(`A card has at most ${MAX_COMMENTS} comments.`)
      comments.push({ id: newId(), by, at: now, text })
    },
    /** In place of everything. */
    importBoard: (_, board: Board) => board,
    /** The rest of a board that is too large for one change. */
    importCards: (board, cards: Board['cards']) => {
      for (const { column } of Object.values(cards))
        if (!board.columns.some(({ id }) => id === column)) throw new Error('A column of these cards was removed.')
      Object.assign(board.cards, cards)
    },
  },
})

export const boardMachine = defineMachine(
  {
    name: 'board',
    version: 2,
    initial: emptyBoard,
    mutations: {
      ...firstBoardMachine.mutations,
      /** More of an imported card’s comments, which are too many for one change: with whoever wrote them, and when. */
      importComments: (board, { card, comments }: { readonly card: string; readonly comments: readonly Comment[] }) => {
        const draft = cardOf(board, card)
        if (draft.comments.length + comments.length > MAX_COMMENTS)
          throw new Error(`A card has at most ${MAX_COMMENTS} comments.`)
        draft.comments.push(...comments)
      },
    },
  },
  { previous: firstBoardMachine, migrate: board => board },
)

const wordFor: Readonly<Record<CardField, string>> = {
  title: 'title',
  notes: 'notes',
  assignee: 'person',
  due: 'date',
}

export const someone = (name: string): string => (name === '' ? 'Somebody' : name)

function cardOf<T>(board: { readonly cards: Readonly<Record<string, T>> }, id: string): T {
  return found(Object.hasOwn(board.cards, id) ? board.cards[id] : undefined, 'The card was removed.')
}

function found<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(otherwise)
  return value
}

function short(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') throw new Error('There is no text.')
  if (trimmed.length > MAX_TITLE) throw new Error(`That is longer than ${MAX_TITLE} characters.`)
  return trimmed
}
