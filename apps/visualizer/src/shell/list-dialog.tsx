/** Everybody in a table, which comes when it is asked for. */
import { Suspense } from 'react'
import { useSeats } from '../stage/stage.ts'
import { useUi } from '../store/ui-store.ts'
import { crowdWords } from '../words/crowd.ts'
import { doors } from '../words/doors.ts'
import { lazyPart } from '../words/lazy-part.ts'
import { Dialog } from './dialog.tsx'

const ListSheet = lazyPart(() => import('./list-sheet.tsx'))

export function ListDialog() {
  const open = useUi(state => state.listOpen)
  const setOpen = useUi(state => state.setListOpen)
  const seats = useSeats()
  return (
    <Dialog title={crowdWords().everybody(seats.length)} open={open} onClose={() => setOpen(false)}>
      <Suspense fallback={<p>{doors().loading}</p>}>
        <ListSheet onChosen={() => setOpen(false)} />
      </Suspense>
    </Dialog>
  )
}
