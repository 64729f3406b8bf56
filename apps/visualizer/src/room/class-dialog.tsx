/** What is for a class, which comes when it is asked for. */
import { Suspense } from 'react'
import { Dialog } from '../shell/dialog.tsx'
import { useUi } from '../store/ui-store.ts'
import { crowdWords } from '../words/crowd.ts'
import { doors } from '../words/doors.ts'
import { lazyPart } from '../words/lazy-part.ts'

const ClassSheet = lazyPart(() => import('./class-sheet.tsx'))

export function ClassDialog() {
  const open = useUi(state => state.classOpen)
  const setOpen = useUi(state => state.setClassOpen)
  return (
    <Dialog title={crowdWords().title} open={open} onClose={() => setOpen(false)}>
      <Suspense fallback={<p>{doors().loading}</p>}>
        <ClassSheet />
      </Suspense>
    </Dialog>
  )
}
