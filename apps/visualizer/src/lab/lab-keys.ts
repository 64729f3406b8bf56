/** The Lab by keyboard: every one of these is a button somewhere, too. */
import { useLayoutEffect } from 'react'
import { useUi } from '../store/ui-store.ts'
import type { LabWords } from '../words/en/lab.ts'
import type { LabSession } from './session.ts'

interface LabKey {
  readonly keys: readonly string[]
  readonly does: keyof LabWords['keys']
}

export const LAB_KEYS: readonly LabKey[] = [
  { keys: ['space'], does: 'play' },
  { keys: ['←', '→'], does: 'step' },
  { keys: ['Home', 'End'], does: 'ends' },
  { keys: ['e', 'E'], does: 'election' },
  { keys: ['k', 'K'], does: 'commit' },
  { keys: ['v', 'V'], does: 'violation' },
  { keys: ['f', 's'], does: 'pace' },
  { keys: ['1', '…', '9'], does: 'select' },
  { keys: ['c'], does: 'crash' },
  { keys: ['x'], does: 'cutOff' },
  { keys: ['z'], does: 'freeze' },
  { keys: ['o'], does: 'timeout' },
  { keys: ['p'], does: 'write' },
  { keys: ['r'], does: 'read' },
  { keys: ['h'], does: 'heal' },
  { keys: ['w'], does: 'why' },
  { keys: ['m'], does: 'messages' },
  { keys: ['b'], does: 'compare' },
  { keys: ['t'], does: 'theme' },
  { keys: ['?'], does: 'help' },
]

export function useLabKeys(session: LabSession): void {
  // Before anything is painted: a key may be pressed as soon as the page can be seen.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (isTyping(event) || document.querySelector('dialog[open]')) return
      if (!useUi.getState().shortcuts && event.key !== '?') return
      if (press(event.key, session)) event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [session])
}

function press(key: string, session: LabSession): boolean {
  const { focus } = session
  if (/^[1-9]$/.test(key)) {
    const id = session.nodeIds()[Number(key) - 1]
    if (id !== undefined) focus.getState().select(id)
    return id !== undefined
  }
  switch (key) {
    case ' ':
      session.togglePlay()
      return true
    case 'ArrowLeft':
      session.stepBack()
      return true
    case 'ArrowRight':
      session.stepOn()
      return true
    case 'Home':
      session.pause()
      session.goTo(0)
      return true
    case 'End':
      session.pause()
      session.goTo(session.run.steps.length - 1)
      return true
    case 'e':
    case 'E':
      session.jump('election', key === 'e' ? 1 : -1)
      return true
    case 'k':
    case 'K':
      session.jump('commit', key === 'k' ? 1 : -1)
      return true
    case 'v':
    case 'V':
      session.jump('violation', key === 'v' ? 1 : -1)
      return true
    case 'f':
      session.changePace(-1)
      return true
    case 's':
      session.changePace(1)
      return true
    case 'h':
      session.act({ type: 'healAll' })
      return true
    case 'w':
      session.ask(undefined)
      return true
    case 'm':
      session.show('messages')
      return true
    case 'b':
      session.toggleComparison()
      return true
    case 't': {
      const ui = useUi.getState()
      ui.setTheme(ui.theme === 'dark' ? 'light' : 'dark')
      return true
    }
    case '?':
      useUi.getState().setHelpOpen(true)
      return true
    default:
      return pressForNode(key, session)
  }
}

function pressForNode(key: string, session: LabSession): boolean {
  const selected = session.focus.getState().selected
  // Whoever has picked nobody means the leader, where a leader is needed.
  const meant = key === 'p' || key === 'r' ? session.leader : undefined
  const id = selected ?? meant ?? session.nodeIds()[0]
  const node = id === undefined ? undefined : session.cluster.getState().view.nodes.get(id)
  if (id === undefined || node === undefined) return false
  const { conditions } = session.stepNow
  switch (key) {
    case 'c':
      if (node.life === 'crashed') session.act({ type: 'restart', node: id, emptied: false })
      else session.act({ type: 'crash', node: id, flushed: false })
      return true
    case 'x': {
      const others = session.nodeIds().filter(other => other !== id)
      const isOff = others.every(other => conditions.cut.some(([from, to]) => from === id && to === other))
      if (isOff) session.act({ type: 'healAll' })
      else session.act({ type: 'partition', groups: [[id], others] })
      return true
    }
    case 'z':
      session.act({ type: conditions.frozen.includes(id) ? 'thaw' : 'freeze', node: id })
      return true
    case 'o':
      session.act({ type: 'timeout', nodes: [id] })
      return true
    case 'p':
      session.act({ type: 'write', node: id, key: 0 })
      return true
    case 'r':
      session.act({ type: 'read', node: id, key: 0, local: false })
      return true
    default:
      return false
  }
}

/** A button that has the focus takes the space for itself, and a field everything. */
function isTyping(event: KeyboardEvent): boolean {
  const { target } = event
  if (!(target instanceof Element)) return false
  if (target.closest('input:not([type=range]):not([type=checkbox]):not([type=radio]), select, textarea')) return true
  if (event.key === ' ') return target.closest('button, a, input, [role=button]') !== null
  const arrows = event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End'
  return arrows && target.closest('input:not([type=checkbox]), [tabindex="0"]:not([role=button])') !== null
}
