/** The room's name, and its code where others can use it, as large as the screen allows: for the back row. */

import { Suspense } from 'react'
import { Dialog } from '../shell/dialog.tsx'
import { useLive } from '../store/live-context.ts'
import { useUi } from '../store/ui-store.ts'
import { lazyPart } from '../words/lazy-part.ts'
import { live } from '../words/live.ts'
import { invitation, isLoopback, isShared } from './room-address.ts'

/** Comes when it is asked for: few visits need it. */
const QrCode = lazyPart(() => import('./qr-code.tsx'))

export function CodeDialog() {
  const open = useUi(state => state.codeOpen)
  const setOpen = useUi(state => state.setCodeOpen)
  const room = useLive(state => state.room)
  const address = invitation(room)
  const words = live().code
  const leadsNowhere = isLoopback(new URL(address).hostname)
  return (
    <Dialog title={live().room(room)} open={open} onClose={() => setOpen(false)}>
      <div className="code-dialog">
        {leadsNowhere ? (
          <p className="code-room">
            <bdi>{room}</bdi>
          </p>
        ) : (
          <div className="code-square">
            <Suspense>
              <QrCode text={address} />
            </Suspense>
          </div>
        )}
        <p className="code-address">
          <bdi>{address}</bdi>
        </p>
        {isShared() ? (
          <p>
            {words.shared.before}
            <strong>{words.shared.strong}</strong>
            {words.shared.after}
          </p>
        ) : (
          <p>
            {words.own.before}
            <strong>{words.own.strong}</strong>
            {words.own.after}
          </p>
        )}
        {leadsNowhere && (
          <p>
            {words.none.before}
            <strong>{new URL(address).hostname}</strong>
            {words.none.after}
          </p>
        )}
      </div>
    </Dialog>
  )
}
