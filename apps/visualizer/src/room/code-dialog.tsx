/** The way in for the back row, which comes when it is asked for: few visits need it. */
import { Suspense } from 'react'
import { Dialog } from '../shell/dialog.tsx'
import { useLive } from '../store/live-context.ts'
import { useUi } from '../store/ui-store.ts'
import { doors } from '../words/doors.ts'
import { lazyPart } from '../words/lazy-part.ts'
import { live } from '../words/live.ts'

const CodeSheet = lazyPart(() => import('./code-sheet.tsx'))

export function CodeDialog() {
  const open = useUi(state => state.codeOpen)
  const setOpen = useUi(state => state.setCodeOpen)
  const room = useLive(state => state.room)
  return (
    <Dialog title={live().room(room)} open={open} onClose={() => setOpen(false)}>
      <Suspense fallback={<p>{doors().loading}</p>}>
        <CodeSheet />
      </Suspense>
    </Dialog>
  )
}
