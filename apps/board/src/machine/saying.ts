/** What happened, in words: for the feed, a card's history, and whoever hears the page instead of seeing it. */
import type { Happened } from '@flotilla/state'
import type { Board } from './board.ts'

/** A sentence whose subject stands before it: *Mira* **moved** *Buoys to Done*. */
export interface Saying {
  readonly verb: string
  /** What it is about: a card's title, mostly. */
  readonly about: string
  readonly rest: string
}

type Args = Readonly<Record<string, unknown>>

export function sayingOf(
  { what }: Pick<Happened, 'what'>,
  board: Board,
  numberOf: (id: string) => number | undefined,
): Saying {
  if (what.kind === 'migrate') return { verb: 'brought the board to a new version', about: '', rest: '' }
  if (what.kind === 'undo') {
    const number = numberOf(what.of)
    return { verb: 'undid', about: '', rest: number === undefined ? 'a change' : `entry ${number}` }
  }
  const args: Args = typeof what.args === 'object' && what.args !== null ? { ...what.args } : { text: what.args }
  const id = text(args.card ?? args.id ?? args.text)
  const card = board.cards[id]
  const title = card?.title ?? (what.name === 'addCard' ? text(args.title) : 'a card that is gone')
  const columnName = (column: unknown): string => board.columns.find(each => each.id === column)?.name ?? 'a column'
  switch (what.name) {
    case 'addCard':
      return { verb: 'added', about: title, rest: '' }
    case 'moveCard':
      return { verb: 'moved', about: title, rest: `to ${columnName(args.to)}` }
    case 'removeCard':
      return { verb: 'removed', about: title, rest: '' }
    case 'comment':
      return { verb: 'commented on', about: title, rest: '' }
    case 'addStep':
      return { verb: 'added a step to', about: title, rest: '' }
    case 'removeStep':
      return { verb: 'removed a step of', about: title, rest: '' }
    case 'tickStep': {
      const place = card?.steps.findIndex(step => step.id === args.step) ?? -1
      return {
        verb: args.done === true ? 'ticked' : 'unticked',
        about: title,
        rest: place < 0 ? 'a step' : `step ${place + 1}`,
      }
    }
    case 'writeCard':
      return written(text(args.field), text(args.text), title)
    case 'nameBoard':
      return { verb: 'named the board', about: text(what.args), rest: '' }
    case 'addColumn':
      return { verb: 'added the column', about: text(args.name), rest: '' }
    case 'nameColumn':
      return { verb: 'named a column', about: text(args.name), rest: '' }
    case 'removeColumn':
      return { verb: 'removed a column', about: '', rest: '' }
    case 'importBoard':
      return { verb: 'imported a board', about: '', rest: '' }
    case 'importCards':
      return { verb: 'imported the rest of its cards', about: '', rest: '' }
    case 'importComments':
      return { verb: 'imported more comments on', about: title, rest: '' }
    default:
      return { verb: what.name, about: '', rest: '' }
  }
}

function written(field: string, value: string, title: string): Saying {
  switch (field) {
    case 'assignee':
      return value === ''
        ? { verb: 'gave', about: title, rest: 'to nobody' }
        : { verb: 'gave', about: title, rest: `to ${value}` }
    case 'due':
      return value === ''
        ? { verb: 'took the date off', about: title, rest: '' }
        : { verb: 'set', about: title, rest: `to ${dayInWords(value)}` }
    case 'notes':
      return { verb: 'wrote the notes of', about: title, rest: '' }
    default:
      return { verb: 'retitled', about: title, rest: '' }
  }
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })

/** `4 June`. What is no day is said as it is. */
export function dayInWords(due: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(due) ? Date.parse(`${due}T00:00:00Z`) : Number.NaN
  return Number.isNaN(at) ? due : day.format(at)
}

/** Which card a change is about. */
export function cardOfChange({ what }: Pick<Happened, 'what'>): string | undefined {
  if (what.kind !== 'mutate') return undefined
  const { args } = what
  if (typeof args === 'string') return args
  if (typeof args !== 'object' || args === null) return undefined
  const id: unknown = Reflect.get(args, 'card') ?? Reflect.get(args, 'id')
  return typeof id === 'string' ? id : undefined
}

export const inWords = ({ verb, about, rest }: Saying): string =>
  [verb, about, rest].filter(part => part !== '').join(' ')

/** An error’s message, which may be a part of one. */
export const asSentence = (message: string): string =>
  message.charAt(0).toUpperCase() + message.slice(1) + (/[.!?]$/.test(message) ? '' : '.')

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
