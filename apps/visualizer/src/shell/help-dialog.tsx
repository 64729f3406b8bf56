/** The help, which comes when it is asked for. */
import { Suspense } from 'react'
import { useUi } from '../store/ui-store.ts'
import { doors } from '../words/doors.ts'
import { lazyPart } from '../words/lazy-part.ts'
import { live } from '../words/live.ts'
import { Dialog } from './dialog.tsx'

const HelpSheet = lazyPart(() => import('./help-sheet.tsx'))

export function HelpDialog() {
  const open = useUi(state => state.helpOpen)
  const setOpen = useUi(state => state.setHelpOpen)
  return (
    <Dialog title={live().help} open={open} onClose={() => setOpen(false)}>
      <Suspense fallback={<p>{doors().loading}</p>}>
        <HelpSheet />
      </Suspense>
    </Dialog>
  )
}
