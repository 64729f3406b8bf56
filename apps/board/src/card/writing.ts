/** What is sent of one text while it is written, and what becomes of it. */
import type { Change } from '@flotilla/state'
import { useRef } from 'react'
import type { CardField } from '../machine/board.ts'
import { isSavedNowhere } from '../machine/saved-nowhere.ts'
import { useSession } from '../room/room-context.ts'

export interface Sent {
  /** What it was before, as its author saw it. */
  readonly was: string
  readonly text: string
}

export interface Writing {
  readonly send: (sent: Sent) => void
  /** Somebody begins to write, on what the board holds now. */
  readonly begin: () => void
}

/** @param onUnsaved told of what this device could not save, once the board shows again what it was before */
export function useWriting(
  { id, field }: { readonly id: string; readonly field: CardField },
  onUnsaved: (sent: Sent) => void,
): Writing {
  const { board, state } = useSession()
  /** In the order in which they were sent, each on the one before it. */
  const underWay = useRef<readonly Sent[]>([])
  /** Refused by this device: all of it is in what is sent later. */
  const refused = useRef<readonly Change['id'][]>([])

  /** There is news of a later text: of the earlier ones nobody has to be told any more. */
  const forgetEarlier = (): void => {
    for (const earlier of refused.current) {
      const failure = state.failures.get().find(each => each.id === earlier)
      if (failure) void state.failures.dismiss(failure)
    }
    refused.current = []
  }
  const send = (sent: Sent): void => {
    const change = board.mutate.writeCard({ id, field, ...sent })
    underWay.current = [...underWay.current, sent]
    const end = (): void => {
      underWay.current = underWay.current.filter(each => each !== sent)
    }
    change.saved.then(
      () => {
        end()
        forgetEarlier()
      },
      () => undefined,
    )
    // The state has listened before, and shows it no longer.
    change.committed.catch(error => {
      if (!isSavedNowhere(error)) return end()
      forgetEarlier()
      refused.current = [change.id]
      const at = underWay.current.indexOf(sent)
      if (at < 0) return
      // What was sent later stands on it, and falls with it.
      underWay.current = underWay.current.slice(0, at)
      onUnsaved(sent)
    })
  }
  const begin = (): void => {
    refused.current = []
  }
  return { send, begin }
}
