/** Takes back this person's own last change. */
import type { Session } from '../room/session.ts'
import { useUi } from './ui.ts'

export function undoLast({ board }: Session): void {
  const change = board.undo()
  const { say } = useUi.getState()
  if (change === undefined) return say('There is nothing of yours to undo.')
  if (change.progress !== 'rejected') say('Undone.')
}
