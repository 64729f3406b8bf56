/** Changes of this page, watched until they are in the log: one that is refused is shown to the person, with the reason. */

import { ClusterError } from '@flotilla/cluster'
import type { Change } from '@flotilla/state'
import { NotSerializable } from '@flotilla/state'
import { useUi } from '../shell/ui.ts'

/** Gives the change back. */
export function watched(change: Change): Change {
  change.committed.catch((error: unknown) => {
    if (isClosing(error)) return
    useUi.getState().refused({ change, reason: reasonOf(error) })
  })
  return change
}

function reasonOf(error: unknown): string {
  if (error instanceof ClusterError) {
    if (error.kind === 'Rejected') return error.thrown?.message || error.message
    if (error.kind === 'Overloaded') return 'Too many changes are waiting. Wait until some of them are sent.'
    if (error.kind === 'TooLarge') return 'This change is too large to be sent.'
    if (error.kind === 'SessionExpired')
      return 'It waited so long that the others no longer know whether they had it. Look whether it is there, and make it again if not.'
    return error.message
  }
  if (error instanceof NotSerializable) return error.message
  return String(error)
}

const isClosing = (error: unknown): boolean => error instanceof ClusterError && error.kind === 'Closed'
