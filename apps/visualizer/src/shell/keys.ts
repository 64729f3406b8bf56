/** The keyboard: one key for each thing a teacher does while talking. Every one of them is also a button somewhere. */
import { useLayoutEffect } from 'react'
import { flushSync } from 'react-dom'
import { PACES } from '../live/room-controls.ts'
import { type Live, useLiveContext } from '../store/live-context.ts'
import { useUi } from '../store/ui-store.ts'
import { isCut, isSilent, seats } from '../trace-view/roster.ts'
import type { SheetWords } from '../words/en/sheets.ts'

interface Key {
  readonly keys: readonly string[]
  readonly does: keyof SheetWords['keys']
  /** Not where somebody only watches. */
  readonly acts?: true
}

export const KEYS: readonly Key[] = [
  { keys: ['1', '…', '9'], does: 'select' },
  { keys: ['c'], does: 'crash', acts: true },
  { keys: ['x'], does: 'cutOff', acts: true },
  { keys: ['h'], does: 'heal', acts: true },
  { keys: ['s'], does: 'slower', acts: true },
  { keys: ['f'], does: 'faster', acts: true },
  { keys: ['w'], does: 'write', acts: true },
  { keys: ['a'], does: 'add', acts: true },
  { keys: ['l'], does: 'list' },
  { keys: ['Esc'], does: 'leave' },
  { keys: ['t'], does: 'theme' },
  { keys: ['?'], does: 'help' },
]

export function useKeys(): void {
  const live = useLiveContext()
  // Before anything is painted: a key may be pressed as soon as the page can be seen.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (document.querySelector('dialog[open]')) return
      if (isTyping(event.target)) {
        if (event.key === 'Escape') event.target.blur()
        return
      }
      if (!useUi.getState().shortcuts && event.key !== '?') return
      // With the caps lock on, or after Shift, the keys are the same ones.
      if (press(event.key.toLowerCase(), live)) event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [live])
}

function press(key: string, { store, actions }: Live): boolean {
  const { view, self, pace } = store.getState()
  const ui = useUi.getState()
  const everyone = seats(view, self)
  const selected = everyone.find(({ node }) => node.id === (ui.selected ?? self))
  if (/^[1-9]$/.test(key)) {
    const seat = everyone[Number(key) - 1]
    if (seat) ui.select(seat.node.id)
    return seat !== undefined
  }
  if (actions === undefined) return look(key)
  switch (key) {
    case 'c':
      if (selected?.presence === 'crashed') actions.restart(selected.node.id)
      // One that tells nothing is no tab, and is crashed where it runs.
      else if (selected?.presence === 'here' && !isSilent(selected)) actions.crash(selected.node.id)
      return true
    case 'x': {
      if (selected === undefined) return false
      const links = everyone.filter(seat => seat !== selected).map(seat => [selected.node.id, seat.node.id] as const)
      actions.setCut(links, !links.every(([a, b]) => isCut(view, a, b)))
      return true
    }
    case 'h':
      actions.healAll()
      return true
    case 's':
    case 'f': {
      const next = PACES[PACES.indexOf(pace) + (key === 's' ? 1 : -1)]
      if (next) actions.setPace(next)
      return true
    }
    case 'w': {
      // On a narrow screen the field must be shown before it can take the focus, and before the next key.
      flushSync(() => ui.show('values'))
      const field = document.getElementById('write-value')
      if (field instanceof HTMLInputElement) field.select()
      return true
    }
    case 'a':
      document.getElementById('add-a-node')?.click()
      return true
    default:
      return look(key)
  }
}

/** What changes nothing but what this viewer sees. */
function look(key: string): boolean {
  const ui = useUi.getState()
  switch (key) {
    case 'l':
      ui.setListOpen(true)
      return true
    case 'escape':
      ui.select(undefined)
      return true
    case 't':
      ui.setTheme(ui.theme === 'dark' ? 'light' : 'dark')
      return true
    case '?':
      ui.setHelpOpen(true)
      return true
    default:
      return false
  }
}

/** In a field that letters go into; a speed or a box that was just clicked takes none. */
function isTyping(target: EventTarget | null): target is HTMLElement {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['radio', 'checkbox', 'button', 'submit'].includes(target.type)
  return target.closest('select, textarea, [contenteditable]') !== null
}
