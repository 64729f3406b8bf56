/** The help of the Lab, behind its key and its button. */
import { Suspense } from 'react'
import { Dialog } from '../shell/dialog.tsx'
import { useUi } from '../store/ui-store.ts'
import { lab } from '../words/lab.ts'
import { lazyPart } from '../words/lazy-part.ts'

const Sheet = lazyPart(() => import('./lab-help-sheet.tsx'))

export function LabHelp() {
  const open = useUi(state => state.helpOpen)
  const setOpen = useUi(state => state.setHelpOpen)
  return (
    <Dialog title={lab().helpTitle} open={open} onClose={() => setOpen(false)}>
      <Suspense fallback={null}>
        <Sheet />
      </Suspense>
    </Dialog>
  )
}
