/** The way back for a browser that was left behind: as a new node, for what the old one has is of another board than the others go on with. */
import { useState } from 'react'
import { useSession } from '../room/room-context.ts'

/** Why it was not done, and what helps. */
export interface NotJoined {
  readonly title: string
  readonly text: string
}

/** @param onProblem `undefined` while it is tried again */
export function JoinAgain({ onProblem }: { readonly onProblem: (problem: NotJoined | undefined) => void }) {
  const session = useSession()
  const [isBusy, setBusy] = useState(false)
  const join = async (): Promise<void> => {
    setBusy(true)
    try {
      if ((await session.forgetNode()) === 'deleted') return location.reload()
      onProblem(held)
    } catch (error) {
      onProblem(problemOf(error))
    }
    setBusy(false)
  }
  return (
    <button type="button" className="button primary small" disabled={isBusy} onClick={() => void join()}>
      Join again
    </button>
  )
}

const held: NotJoined = {
  title: 'Another tab of this browser has the board open, and does not answer.',
  text: 'Close the other tabs of this board, or wake them, then join again.',
}

function problemOf(error: unknown): NotJoined {
  // By its name: its class is in no other code of this page.
  if (error instanceof Error && error.name === 'StorageError')
    return {
      title: 'The browser does not let go of what it stored of the board.',
      text: `It says: ${error.message}. Try again; if that does not help, clear what the browser stores for this site, and open the board’s link.`,
    }
  return {
    title: 'A part of this page could not be loaded.',
    text: 'Nothing was changed. Join again when you are on the network.',
  }
}
