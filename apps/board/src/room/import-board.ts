/** A file's board in the place of this one: part by part, each only when the one before it was taken. */
import type { Change } from '@flotilla/state'
import { create } from 'zustand'
import type { Board } from '../machine/board.ts'
import { inParts, type MorePart } from '../machine/board-file.ts'
import { asSentence } from '../machine/saying.ts'
import type { Session } from './session.ts'

type Shared = Session['board']

interface Importing {
  /** Which part is on its way, from 1 on. */
  readonly under: { readonly part: number; readonly of: number } | undefined
  /** Why the last import came to nothing, or not to its end, and what to do. */
  readonly problem: string | undefined
}

/** Apart from the dialog, which may be closed meanwhile: two imports at once would be mixed. */
export const useImporting = create<Importing>()(() => ({ under: undefined, problem: undefined }))

/** Whether all of it was taken; why not is a problem then. */
export async function importBoard(shared: Shared, file: Board): Promise<boolean> {
  const { first, rest } = inParts(file)
  const of = rest.length + 1
  for (const [i, part] of [first, ...rest].entries()) {
    useImporting.setState({ under: { part: i + 1, of }, problem: undefined })
    try {
      const change = 'kind' in part ? more(shared, part) : shared.mutate.importBoard(part)
      // One that is alone comes to the others when they can be reached: on this device's disk it is safe till then.
      await (of === 1 ? change.saved : change.committed)
    } catch (error) {
      useImporting.setState({ under: undefined, problem: i === 0 ? notBegun(error) : notEnded(error, i + 1, of) })
      return false
    }
  }
  useImporting.setState({ under: undefined })
  return true
}

function more({ mutate }: Shared, part: MorePart): Change {
  return part.kind === 'cards'
    ? mutate.importCards(part.cards)
    : mutate.importComments({ card: part.card, comments: part.comments })
}

/** Nobody knows what became of a change that waited for too long. */
const isUnknown = (error: unknown): boolean =>
  error instanceof Error && 'kind' in error && (error.kind === 'SessionExpired' || error.kind === 'Timeout')

function notBegun(error: unknown): string {
  return isUnknown(error)
    ? 'It waited so long that nobody can say whether it was taken. Import the file again if the board is not the file’s.'
    : `${reasonOf(error)} The board is as it was.`
}

function notEnded(error: unknown, part: number, of: number): string {
  const what = isUnknown(error) ? 'Nobody can say whether it was taken.' : reasonOf(error)
  return `Part ${part} of ${of} is missing: ${what} The board has what came before it. Import the file again, which puts all of it in the place of that.`
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  switch ('kind' in error ? error.kind : undefined) {
    case 'TooLarge':
      return 'One of its cards is too large to be sent. Shorten its texts in the file.'
    case 'StorageFailed':
      return 'This device could not save it: its disk is full, or fails. Make some room on it.'
    case 'Overloaded':
      return 'Too many changes wait here already. Wait until some of them are committed.'
    default:
      return asSentence(error.message)
  }
}
