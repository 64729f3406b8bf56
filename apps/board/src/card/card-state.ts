/** How far this browser's changes of a card have come: what a card says of itself while not everybody has it as it is shown. */
import type { Change } from '@flotilla/state'
import { useEffect, useMemo, useRef } from 'react'
import { cardOfChange } from '../machine/saying.ts'

export interface CardState {
  /** As a change’s `Progress`. */
  readonly kind: 'unsaved' | 'saved' | 'sent'
  readonly changes: number
}

/** By card. The least of a card's changes says how it is. What is as it was in `last` is the same object. */
export function cardStates(
  pending: readonly Change[],
  last?: ReadonlyMap<string, CardState>,
): ReadonlyMap<string, CardState> {
  const states = new Map<string, CardState>()
  for (const change of pending) {
    const id = cardOfChange(change)
    const { progress } = change
    if (id === undefined || progress === 'committed' || progress === 'rejected') continue
    const before = states.get(id)
    const kind = before === undefined || order[progress] < order[before.kind] ? progress : before.kind
    states.set(id, { kind, changes: (before?.changes ?? 0) + 1 })
  }
  for (const [id, state] of states) {
    const was = last?.get(id)
    if (was?.kind === state.kind && was.changes === state.changes) states.set(id, was)
  }
  return states
}

const order = { unsaved: 0, saved: 1, sent: 2 } as const

/** As `cardStates`, from one render to the next. */
export function useCardStates(pending: readonly Change[]): ReadonlyMap<string, CardState> {
  const last = useRef<ReadonlyMap<string, CardState>>(new Map())
  const states = useMemo(() => cardStates(pending, last.current), [pending])
  useEffect(() => {
    last.current = states
  }, [states])
  return states
}
