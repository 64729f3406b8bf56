/** The room's name, and its code where others can use it, as large as the screen allows: for the back row. */

import { lazy, Suspense } from 'react'
import { Dialog } from '../shell/dialog.tsx'
import { useLive } from '../store/live-context.ts'
import { useUi } from '../store/ui-store.ts'
import { invitation, isLoopback, isShared } from './room-address.ts'

/** Comes when it is asked for: few visits need it. */
const QrCode = lazy(() => import('./qr-code.tsx'))

export function CodeDialog() {
  const open = useUi(state => state.codeOpen)
  const setOpen = useUi(state => state.setCodeOpen)
  const room = useLive(state => state.room)
  const address = invitation(room)
  const leadsNowhere = isLoopback(new URL(address).hostname)
  return (
    <Dialog title={`Room ${room}`} open={open} onClose={() => setOpen(false)}>
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
            Whoever opens this link, in <strong>any browser on this network</strong>, becomes one more node. The link
            holds the room’s key: give it to nobody who should not be in the room.
          </p>
        ) : (
          <p>
            Every tab or window of <strong>this browser</strong> that opens this link becomes one more node. Tabs find
            each other inside the browser: on another device the same link opens a cluster of its own.
          </p>
        )}
        {leadsNowhere && (
          <p>
            There is no code to scan: <strong>{new URL(address).hostname}</strong> means another machine on every
            machine.
          </p>
        )}
      </div>
    </Dialog>
  )
}
