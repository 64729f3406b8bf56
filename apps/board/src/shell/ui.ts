/** What this page shows of the board, which is nobody else's business. */
import type { Change } from '@flotilla/state'
import { create } from 'zustand'

export type Pane = 'board' | 'activity' | 'members'

/** A change that was refused, until the person has seen it. */
export interface Refusal {
  readonly change: Change
  readonly reason: string
}

interface Ui {
  readonly pane: Pane
  /** On a phone, the column that is shown. */
  readonly column: string | undefined
  readonly openCard: string | undefined
  /** The column in which a new card is being written. */
  readonly writingIn: string | undefined
  readonly dialog: 'help' | 'share' | 'file' | 'find' | undefined
  readonly refusals: readonly Refusal[]
  /** For the live region. */
  readonly said: string
  readonly show: (pane: Pane) => void
  readonly showColumn: (column: string) => void
  readonly open: (card: string | undefined) => void
  readonly writeIn: (column: string | undefined) => void
  readonly openDialog: (dialog: Ui['dialog']) => void
  readonly refused: (refusal: Refusal) => void
  readonly forget: (refusal: Refusal) => void
  readonly say: (words: string) => void
}

export const useUi = create<Ui>()(set => ({
  pane: 'board',
  column: undefined,
  openCard: undefined,
  writingIn: undefined,
  dialog: undefined,
  refusals: [],
  said: '',
  show: pane => set({ pane }),
  showColumn: column => set({ column }),
  open: openCard => set({ openCard }),
  writeIn: writingIn => set({ writingIn }),
  openDialog: dialog => set({ dialog }),
  refused: refusal => set(({ refusals }) => ({ refusals: [...refusals, refusal] })),
  forget: refusal => set(({ refusals }) => ({ refusals: refusals.filter(each => each !== refusal) })),
  say: said => set({ said }),
}))
