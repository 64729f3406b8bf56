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
export declare const MAX_TITLE = 200
export declare const MAX_NOTES = 10000
export declare const boardMachine: import('@flotilla/state').MachineDefinition<
  Board,
  {
    nameBoard: (board: import('immer').WritableNonArrayDraft<Board>, title: string) => void
    addColumn: (
      board: import('immer').WritableNonArrayDraft<Board>,
      {
        id,
        name,
      }: {
        readonly id: string
        readonly name: string
      },
    ) => void
    nameColumn: (
      board: import('immer').WritableNonArrayDraft<Board>,
      {
        id,
        name,
      }: {
        readonly id: string
        readonly name: string
      },
    ) => void
    removeColumn: (board: import('immer').WritableNonArrayDraft<Board>, id: string) => void
    addCard: (
      board: import('immer').WritableNonArrayDraft<Board>,
      {
        id,
        title,
        column,
        rank,
      }: {
        readonly id: string
        readonly title: string
        readonly column: string
        readonly rank: number
      },
      { by }: import('@flotilla/state').Call,
    ) => void
    /** `was`: what its author saw. */
    writeCard: (
      board: import('immer').WritableNonArrayDraft<Board>,
      {
        id,
        field,
        was,
        text,
      }: {
        readonly id: string
        readonly field: CardField
        readonly was: string
        readonly text: string
      },
      { by }: import('@flotilla/state').Call,
    ) => void
    /** `from`: the column in which its author saw it. */
    moveCard: (
      board: import('immer').WritableNonArrayDraft<Board>,
      {
        id,
        from,
        to,
        rank,
      }: {
        readonly id: string
        readonly from: string
        readonly to: string
        readonly rank: number
      },
      { by }: import('@flotilla/state').Call,
    ) => void
    removeCard: (board: import('immer').WritableNonArrayDraft<Board>, id: string) => void
    addStep: (
      board: import('immer').WritableNonArrayDraft<Board>,
      {
        card,
        text,
      }: {
        readonly card: string
        readonly text: string
      },
      { newId }: import('@flotilla/state').Call,
    ) => void
    tickStep: (
      board: import('immer').WritableNonArrayDraft<Board>,
      {
        card,
        step,
        done,
      }: {
        readonly card: string
        readonly step: string
        readonly done: boolean
      },
    ) => void
    removeStep: (
      board: import('immer').WritableNonArrayDraft<Board>,
      {
        card,
        step,
      }: {
        readonly card: string
        readonly step: string
      },
    ) => void
    comment: (
      board: import('immer').WritableNonArrayDraft<Board>,
      {
        card,
        text,
      }: {
        readonly card: string
        readonly text: string
      },
      { newId, now, by }: import('@flotilla/state').Call,
    ) => void
    /** In place of everything. */
    importBoard: (_: import('immer').WritableNonArrayDraft<Board>, board: Board) => Board
    /** The rest of a board that is too large for one change. */
    importCards: (board: import('immer').WritableNonArrayDraft<Board>, cards: Board['cards']) => void
  }
>
export declare const someone: (name: string) => string
//# sourceMappingURL=board.d.ts.map
