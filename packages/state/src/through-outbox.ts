/** Changes that are on this device's disk before they are shown as saved, and that come back with the next page. */
import type { Outbox, Waiting } from '@flotilla/client'
import type { StateCommand } from './command.ts'
import type { Placed, Submission } from './pending.ts'
import type { RoomNode } from './room-node.ts'
import type { SharedState } from './shared-state.ts'

/** What takes the place of a node's own `submit`. */
export function throughOutbox(outbox: Pick<Outbox<StateCommand, unknown>, 'submit'>): RoomNode['submit'] {
  return command => {
    const { saved, committed, onSent } = outbox.submit(command)
    return submission(saved, committed, onSent)
  }
}

/**
 * Shows what pages of this browser that are gone have saved and the log does not show yet: at once, and whatever is found later. Once, when the
 * state is made.
 */
export function adoptWaiting(
  state: Pick<SharedState, 'adopt'>,
  outbox: Pick<Outbox<StateCommand, unknown>, 'waiting' | 'on'>,
): void {
  const adopt = ({ command, committed, onSent, isLeft }: Waiting<StateCommand, unknown>): void => {
    state.adopt(command, submission(Promise.resolve(), committed, onSent), isLeft)
  }
  outbox.waiting().forEach(adopt)
  outbox.on('found', found => found.forEach(adopt))
}

function submission(saved: Promise<void>, committed: Promise<Placed>, onSent: Submission['onSent']): Submission {
  const placed = committed.then(({ index, term }) => ({ index, term }))
  placed.catch(() => undefined)
  return { saved, committed: placed, ...(onSent && { onSent }) }
}
