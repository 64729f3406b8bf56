/** A majority that is gone for good is given up by a person who has read what that means, and by nobody else. */
import { useClusterStatus } from '@flotilla/react'
import { useState } from 'react'
import { useNames } from '../people/people-present.ts'
import { useSession } from '../room/room-context.ts'
import { Dialog } from './dialog.tsx'
import { useUi } from './ui.ts'

export default function GiveUpDialog() {
  const session = useSession()
  const { members } = useClusterStatus()
  const people = useNames()
  const openDialog = useUi(ui => ui.openDialog)
  const close = (): void => openDialog(undefined)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const [isBusy, setBusy] = useState(false)
  const lost = session.lostMajority()
  if (lost === undefined) {
    return (
      <Dialog title="The board goes on" onClose={close}>
        <p>Enough of the others are there again: nobody has to be given up.</p>
      </Dialog>
    )
  }
  const others = members.filter(({ isSelf }) => !isSelf).map(({ id, name }) => ({ id, name: people.get(id) ?? name }))
  const names = others.filter(({ id }) => lost.missing.includes(id)).map(({ name }) => name)
  const left = others.filter(({ id }) => !lost.missing.includes(id)).map(({ name }) => name)

  async function goOn(missing: readonly string[]): Promise<void> {
    setBusy(true)
    try {
      await session.goOnWithout(missing)
      location.reload()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }

  return (
    <Dialog title={`Go on without ${inWords(names)}?`} onClose={close}>
      <p>
        Only if their devices, or what their browsers stored, are lost for good. Otherwise wait, or open the board
        there.
      </p>
      <ul className="consequences">
        <li>The board goes on with what this browser has. What only the others had is lost.</li>
        <li>Whoever of them comes back is told so, and can join again by the board’s link.</li>
        <li>If they are at work somewhere, unseen from here, there will be two boards that never become one.</li>
        {left.length > 0 && (
          <li>
            Also {inWords(left)} must join again. Do this in one browser only: the one in which the board is newest.
          </li>
        )}
      </ul>
      {problem !== undefined && (
        <p role="alert" className="problem">
          That was not done: {problem}. The board is as it was.
        </p>
      )}
      <p className="buttons end">
        <button type="button" className="button danger" disabled={isBusy} onClick={() => void goOn(lost.missing)}>
          Go on without them
        </button>
        <button type="button" className="button primary" onClick={close}>
          Wait on
        </button>
      </p>
    </Dialog>
  )
}

const inWords = (names: readonly string[]): string =>
  new Intl.ListFormat('en', { style: 'long', type: 'conjunction' }).format(names)
