/** The page's title: which of a row of tabs this one is, and how it is doing. Pure. */
import { conditionOf } from '../ring/describe.ts'
import type { Phase } from '../store/live-store.ts'
import type { Seat } from '../trace-view/roster.ts'
import { live } from '../words/live.ts'

interface TitleInput {
  readonly phase: Phase
  readonly room: string
  /** This tab's node. */
  readonly seat: Seat | undefined
}

export function titleOf({ phase, room, seat }: TitleInput): string {
  const isMember = seat !== undefined && seat.standing !== 'joining'
  const condition = phase === 'running' && seat ? conditionOf(seat) : live().phases[phase]
  // The name first: a narrow tab shows little more.
  return [isMember ? seat.name : 'Flotilla', condition, room].join(' · ')
}
