/** The room's name, and its code where others can use it, as large as the screen allows: for the back row. */
import { useLive } from '../store/live-context.ts'
import { sheets } from '../words/sheets.ts'
import QrCode from './qr-code.tsx'
import { invitation, isLoopback, isShared } from './room-address.ts'

export default function CodeSheet() {
  const room = useLive(state => state.room)
  const address = invitation(room)
  const words = sheets().code
  const leadsNowhere = isLoopback(new URL(address).hostname)
  return (
    <div className="code-dialog">
      {leadsNowhere ? (
        <p className="code-room">
          <bdi>{room}</bdi>
        </p>
      ) : (
        <div className="code-square">
          <QrCode text={address} />
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
  )
}
