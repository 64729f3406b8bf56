/** Changes that did not come about, or of which nobody can say whether they did, each with the reason and what can be done. They stay until they have been seen. */
import { useFailures, useReplicated } from '@flotilla/react'
import type { Failure } from '@flotilla/state'
import { useEffect, useState } from 'react'
import { type Board, boardMachine, MAX_TITLE } from '../machine/board.ts'
import { rankAt } from '../machine/order.ts'
import { isSavedNowhere } from '../machine/saved-nowhere.ts'
import { asSentence, cardOfChange, inWords, sayingOf } from '../machine/saying.ts'
import { useSession } from '../room/room-context.ts'
import { Icon } from './icons.tsx'
import './refusals.css'

const SHOWN = 3

export function Refusals() {
  const [failures, dismiss] = useFailures()
  const [isOpen, open] = useState(false)
  useAskedBeforeItIsLost(failures)
  const more = failures.length - SHOWN
  if (isOpen && more <= 0) open(false)
  return (
    <div role="alert" className="refusals">
      {failures.slice(0, isOpen ? undefined : SHOWN).map(failure => (
        <Notice key={failure.id} failure={failure} dismiss={() => void dismiss(failure)} />
      ))}
      {more > 0 && (
        <p className="more">
          {!isOpen && (more === 1 ? 'and one more' : `and ${more} more`)}
          <button type="button" className="button small" aria-expanded={isOpen} onClick={() => open(!isOpen)}>
            {isOpen ? 'Show fewer' : 'Show all'}
          </button>
        </p>
      )}
    </div>
  )
}

/** Of what was saved nowhere the notice has the only text, and goes with the page. */
function useAskedBeforeItIsLost(failures: readonly Failure[]): void {
  const isOnlyHere = failures.some(failure => isSavedNowhere(failure.error) && writtenBy(failure) !== undefined)
  useEffect(() => {
    if (!isOnlyHere) return
    const ask = (event: Event): void => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [isOnlyHere])
}

interface NoticeProps {
  readonly failure: Failure
  readonly dismiss: () => void
}

function Notice({ failure, dismiss }: NoticeProps) {
  const session = useSession()
  const [board, mutate] = useReplicated(boardMachine)
  const { change } = failure
  const written = isThere(failure, board) ? undefined : writtenBy(failure)
  const keep = (): void => {
    const { columns, cards } = session.board.current()
    const column = (change && cards[cardOfChange(change) ?? '']?.column) ?? columns[0]?.id
    if (column === undefined || written === undefined) return
    const id = crypto.randomUUID()
    const title = written.replace(/\s+/g, ' ').trim().slice(0, MAX_TITLE)
    mutate.addCard({ id, title, column, rank: rankAt(session.board.current(), column, 0) })
    // What does not fit into a title, or has lines.
    if (title !== written.trim()) mutate.writeCard({ id, field: 'notes', was: '', text: written })
    dismiss()
  }
  const what =
    change === undefined ? 'made a change of an older version' : inWords(sayingOf(change, board, () => undefined))
  return (
    <div className="refusal">
      <Icon name="warning" />
      <p>
        <strong>{failure.error.kind === 'SessionExpired' ? 'Perhaps not done:' : 'Not done:'}</strong> you {what}.{' '}
        {reasonOf(failure, board)}
      </p>
      {written !== undefined && (
        <button type="button" className="button small" onClick={keep}>
          Keep as a new card
        </button>
      )}
      <button type="button" className="button quiet small" onClick={dismiss}>
        {written === undefined ? 'All right' : 'Discard'}
      </button>
    </div>
  )
}

function reasonOf(failure: Failure, board: Board): string {
  const { error } = failure
  switch (error.kind) {
    case 'Rejected':
      return asSentence(error.thrown?.message || error.message)
    case 'SessionExpired': {
      const words = 'It waited so long that the others no longer know whether they had it.'
      return isThere(failure, board)
        ? `${words} The card is on the board.`
        : `${words} Look whether it is there, and make it again if not.`
    }
    case 'StorageFailed':
      return 'This device could not save it: its disk is full, or fails. Make some room on it, then make the change again.'
    case 'Overloaded':
      return 'Too many changes wait here already. Make it again when some of them are committed.'
    case 'TooLarge':
      return 'It is too large to be sent. Make it in smaller parts.'
    default:
      return asSentence(error.message)
  }
}

/** A card that was added, and that everybody has. */
function isThere({ change, error }: Failure, { cards }: Board): boolean {
  const isAdded = change?.what.kind === 'mutate' && change.what.name === 'addCard'
  return error.kind === 'SessionExpired' && isAdded && Object.hasOwn(cards, cardOfChange(change) ?? '')
}

/** What a person typed, and would lose. */
function writtenBy({ change }: Failure): string | undefined {
  const what = change?.what
  if (what?.kind !== 'mutate' || typeof what.args !== 'object' || what.args === null) return undefined
  const text: unknown = Reflect.get(what.args, 'text') ?? Reflect.get(what.args, 'title')
  return typeof text === 'string' && text.trim() !== '' ? text : undefined
}
