/** A majority that is gone for good is given up by a person who has read what that means, and by nobody else. */
import { Suspense, useState, useSyncExternalStore } from 'react'
import { isShared } from '../room/room-address.ts'
import { useLive, useQuorum } from '../store/live-context.ts'
import { isBeyondMending, presenceOf } from '../trace-view/roster.ts'
import { nameOf } from '../trace-view/view.ts'
import { doors } from '../words/doors.ts'
import { lazyPart } from '../words/lazy-part.ts'
import { live } from '../words/live.ts'
import { Dialog } from './dialog.tsx'

const GiveUpSheet = lazyPart(() => import('./give-up-sheet.tsx'))

export function GiveUp() {
  const lost = useLive(state => state.lost)
  const isOffered = useIsOffered()
  const [open, setOpen] = useState(false)
  const names = useLive(state => lost.map(id => nameOf(state.view, id)).join('\n')).split('\n')
  return (
    <>
      <span role="status" className="say-offer">
        {isOffered && (
          <button type="button" className="button" onClick={() => setOpen(true)}>
            {live().giveUp.begin}
          </button>
        )}
      </span>
      <Dialog
        title={lost.length === 0 ? live().giveUp.nobodyTitle : live().giveUp.title(names)}
        open={open}
        onClose={() => setOpen(false)}
      >
        <Suspense fallback={<p>{doors().loading}</p>}>
          <GiveUpSheet onClose={() => setOpen(false)} />
        </Suspense>
      </Dialog>
    </>
  )
}

/**
 * Not where healing a link or starting a crashed node is enough; nor while it may be this browser that is lost, and not the others; and
 * where somebody here keeps the controls, only to them.
 */
function useIsOffered(): boolean {
  const isLost = useLive(state => state.lost.length > 0)
  const quorum = useQuorum()
  const isKept = useLive(
    ({ keeper, self, view }) => keeper !== undefined && keeper !== self && presenceOf(view, self, keeper) === 'here',
  )
  const isAlone = useSyncExternalStore(onNetwork, () => isShared() && !navigator.onLine)
  return isLost && !isKept && !isAlone && quorum !== undefined && isBeyondMending(quorum)
}

function onNetwork(listener: () => void): () => void {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}
