/** How others come in: the link, and its code to scan. */
import { useMemo, useState } from 'react'
import { encode } from 'uqr'
import { Dialog } from '../shell/dialog.tsx'
import { useUi } from '../shell/ui.ts'
import { useSession } from './room-context.ts'
import { hostOfPage, invitation } from './room-link.ts'
import './share-dialog.css'

export default function ShareDialog() {
  const { link } = useSession()
  const openDialog = useUi(ui => ui.openDialog)
  const [copied, setCopied] = useState<boolean | undefined>(undefined)
  const address = useMemo(() => invitation({ ...link, joins: true }, hostOfPage()), [link])
  const isShared = link.key !== undefined
  return (
    <Dialog title="Share this board" onClose={() => openDialog(undefined)}>
      <p>
        {isShared
          ? 'Whoever opens this link, in any browser that reaches this page, has the board. The link holds its key: give it to nobody who should not.'
          : 'Every tab of this browser that opens this link has the board. To share it with other machines, open it from npm start.'}
      </p>
      {isShared && <Code text={address} />}
      <p className="address">
        <bdi>{address}</bdi>
      </p>
      <p className="buttons">
        <button
          type="button"
          className="button primary"
          onClick={() =>
            navigator.clipboard.writeText(address).then(
              () => setCopied(true),
              () => setCopied(false),
            )
          }
        >
          Copy the link
        </button>
        <span role="status">
          {copied === true && 'Copied.'}
          {copied === false && 'The browser did not allow it: mark the link and copy it by hand.'}
        </span>
      </p>
    </Dialog>
  )
}

function Code({ text }: { readonly text: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 2 })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return (
    <svg className="code" viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" aria-hidden="true">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
