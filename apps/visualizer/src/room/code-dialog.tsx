/** The room's code and name, as large as the screen allows: for the back row. */

import { lazy, Suspense } from 'react'
import { Dialog } from '../shell/dialog.tsx'
import { useLive } from '../store/live-context.ts'
import { useUi } from '../store/ui-store.ts'
import { roomAddress } from './room-address.ts'

/** Comes when it is asked for: few visits need it. */
const QrCode = lazy(() => import('./qr-code.tsx'))

export function CodeDialog() {
  const open = useUi(state => state.codeOpen)
  const setOpen = useUi(state => state.setCodeOpen)
  const room = useLive(state => state.room)
  const address = roomAddress(room)
  return (
    <Dialog title={`Room ${room}`} open={open} onClose={() => setOpen(false)}>
      <div className="code-dialog">
        <div className="code-square">
          <Suspense>
            <QrCode text={address} />
          </Suspense>
        </div>
        <p className="code-address">
          <bdi>{address}</bdi>
        </p>
        <p>
          Every tab or window of <strong>this browser</strong> that opens this link becomes one more node. Tabs find
          each other inside the browser: on another device the same link opens a cluster of its own.
        </p>
      </div>
    </Dialog>
  )
}
