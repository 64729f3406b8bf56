/** What this page shows of the board, which is nobody else's business. */
import { create } from 'zustand'

export type Pane = 'board' | 'activity' | 'members'

interface Ui {
  readonly pane: Pane
  /** On a phone, the column that is shown. */
  readonly column: string | undefined
  readonly openCard: string | undefined
  /** The column in which a new card is being written. */
  readonly writingIn: string | undefined
  readonly dialog: 'help' | 'share' | 'file' | 'find' | 'give-up' | undefined
  /** For the live region. */
  readonly said: string
  readonly show: (pane: Pane) => void
  readonly showColumn: (column: string) => void
  readonly open: (card: string | undefined) => void
  readonly writeIn: (column: string | undefined) => void
  readonly openDialog: (dialog: Ui['dialog']) => void
  readonly say: (words: string) => void
}

export const useUi = create<Ui>()(set => ({
  pane: 'board',
  column: undefined,
  openCard: undefined,
  writingIn: undefined,
  dialog: undefined,
  said: '',
  show: pane => set({ pane }),
  showColumn: column => set({ column }),
  open: openCard => set({ openCard }),
  writeIn: writingIn => set({ writingIn }),
  openDialog: dialog => set({ dialog }),
  say: said => set({ said }),
}))
