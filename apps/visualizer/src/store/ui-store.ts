/** What this viewer looks at: nothing here is the cluster's. */
import type { NodeId } from '@flotilla/core'
import { create } from 'zustand'

/** On a phone one of these is shown at a time. */
export const VIEWS = ['cluster', 'logs', 'values', 'node', 'room'] as const
/** On a screen that has no room for all: one of these beside the cluster and the logs. */
export const SIDE_VIEWS = ['values', 'node', 'room'] as const
type SideName = (typeof SIDE_VIEWS)[number]
export type ViewName = (typeof VIEWS)[number]
type Theme = 'light' | 'dark'

interface UiState {
  readonly selected: NodeId | undefined
  /** Under the pointer or the focus: lit in every view. */
  readonly lit: NodeId | undefined
  readonly shown: ViewName
  readonly side: SideName
  readonly theme: Theme
  readonly helpOpen: boolean
  readonly codeOpen: boolean
  readonly listOpen: boolean
  readonly classOpen: boolean
  /** Single-key shortcuts can be switched off (WCAG 2.1.4). */
  readonly shortcuts: boolean
  select(node: NodeId | undefined): void
  light(node: NodeId | undefined): void
  show(view: ViewName): void
  setTheme(theme: Theme): void
  setHelpOpen(open: boolean): void
  setCodeOpen(open: boolean): void
  setListOpen(open: boolean): void
  setClassOpen(open: boolean): void
  setShortcuts(on: boolean): void
}

const dark = matchMedia('(prefers-color-scheme: dark)')

export const useUi = create<UiState>()(set => ({
  selected: undefined,
  lit: undefined,
  shown: 'cluster',
  side: 'values',
  theme: remembered('theme') === undefined ? preferredTheme() : remembered('theme') === 'dark' ? 'dark' : 'light',
  helpOpen: false,
  codeOpen: false,
  listOpen: false,
  classOpen: false,
  shortcuts: remembered('shortcuts') !== 'off',
  // Who points at a node wants to read of it; on a phone, where that would take the cluster away, not at once.
  select: selected => set(selected === undefined ? { selected } : { selected, side: 'node' }),
  light: lit => set(state => (state.lit === lit ? state : { lit })),
  show: shown => set(shown === 'cluster' || shown === 'logs' ? { shown } : { shown, side: shown }),
  setTheme(theme) {
    remember('theme', theme)
    set({ theme })
  },
  setHelpOpen: helpOpen => set({ helpOpen }),
  setCodeOpen: codeOpen => set({ codeOpen }),
  setListOpen: listOpen => set({ listOpen }),
  setClassOpen: classOpen => set({ classOpen }),
  setShortcuts(shortcuts) {
    remember('shortcuts', shortcuts ? 'on' : 'off')
    set({ shortcuts })
  },
}))

// Until somebody chooses a theme here, it is the system's, also when that changes in the evening.
dark.addEventListener('change', () => {
  if (remembered('theme') === undefined) useUi.setState({ theme: preferredTheme() })
})

function preferredTheme(): Theme {
  return dark.matches ? 'dark' : 'light'
}

// Storage may be forbidden (private windows, sandboxed frames): then nothing is remembered, and everything works.

function remembered(name: string): string | undefined {
  try {
    return localStorage.getItem(`flotilla:${name}`) ?? undefined
  } catch {
    return undefined
  }
}

function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`flotilla:${name}`, value)
  } catch {
    // Not remembered.
  }
}
