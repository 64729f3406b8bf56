/** How far this browser's changes of a card have come: what a card says of itself while not everybody has it as it is shown. */
import type { Change } from '@flotilla/state'
import { cardOfChange } from '../machine/saying.ts'

export interface CardState {
  /** As a change’s `Progress`. */
  readonly kind: 'unsaved' | 'saved' | 'sent'
  readonly changes: number
}

/** By card. The least of a card's changes says how it is. */
export function cardStates(pending: readonly Change[]): ReadonlyMap<string, CardState> {
  const states = new Map<string, CardState>()
  for (const change of pending) {
    const id = cardOfChange(change)
    const { progress } = change
    if (id === undefined || progress === 'committed' || progress === 'rejected') continue
    const before = states.get(id)
    const kind = before === undefined || order[progress] < order[before.kind] ? progress : before.kind
    states.set(id, { kind, changes: (before?.changes ?? 0) + 1 })
  }
  return states
}

const order = { unsaved: 0, saved: 1, sent: 2 } as const
