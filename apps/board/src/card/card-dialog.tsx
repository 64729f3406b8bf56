/** Everything about one card: its texts, steps, comments, and what happened to it. */
import { useHistory, useReplicated } from '@flotilla/react'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from 'react'
import { Said, Struck } from '../activity/feed.tsx'
import { boardMachine, type Card, type CardField, MAX_NOTES, MAX_TITLE, someone } from '../machine/board.ts'
import { rankAt } from '../machine/order.ts'
import { cardOfChange, sayingOf } from '../machine/saying.ts'
import { useSession } from '../room/room-context.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Face } from '../shell/icons.tsx'
import { useUi } from '../shell/ui.ts'
import { LineForm } from './line-form.tsx'
import { Steps } from './steps.tsx'
import '../activity/feed.css'
import './card-dialog.css'

export function CardDialog({ id }: { readonly id: string }) {
  const [card, mutate] = useReplicated(boardMachine, ({ cards }) => cards[id])
  const open = useUi(ui => ui.open)
  const close = (): void => open(undefined)
  if (card === undefined)
    return (
      <Dialog title="This card is gone" onClose={close}>
        <p>Somebody removed it. What it held is in the activity, and can be undone by whoever did it.</p>
      </Dialog>
    )
  return (
    <Dialog title="Card" onClose={close}>
      <div className="card-dialog">
        <Text id={id} card={card} field="title" label="Title" most={MAX_TITLE} />
        <Text id={id} card={card} field="notes" label="Notes" most={MAX_NOTES} isLong />
        <div className="row">
          <Text id={id} card={card} field="assignee" label="Person" most={80} />
          <Text id={id} card={card} field="due" label="Due" most={10} type="date" />
          <MoveTo id={id} card={card} />
        </div>
        <Steps id={id} steps={card.steps} />
        <Comments id={id} card={card} />
        <CardHistory id={id} />
        <p className="buttons end">
          <button
            type="button"
            className="button danger"
            onClick={() => {
              mutate.removeCard(id)
              useUi.getState().say(`Removed ${card.title}. Undo brings it back.`)
              close()
            }}
          >
            Remove the card
          </button>
        </p>
      </div>
    </Dialog>
  )
}

interface TextProps {
  readonly id: string
  readonly card: Card
  readonly field: CardField
  readonly label: string
  readonly most: number
  readonly isLong?: boolean
  readonly type?: 'text' | 'date'
}

/** Sent when it is left, with what it was when the writing began: another's change in between is told, not written over. */
function Text({ id, card, field, label, most, isLong = false, type = 'text' }: TextProps) {
  const { board } = useSession()
  const [draft, setDraft] = useState<{ readonly was: string; readonly text: string } | undefined>(undefined)
  const shared = card[field]
  const fieldId = useId()
  // As high as it is long, and yet one line of text.
  const isTitle = field === 'title'
  const send = (): void => {
    setDraft(undefined)
    if (draft === undefined || draft.text === draft.was || (field === 'title' && draft.text.trim() === '')) return
    board.mutate.writeCard({ id, field, was: draft.was, text: draft.text })
  }
  const props = {
    id: fieldId,
    className: 'field',
    dir: 'auto',
    maxLength: most,
    value: draft?.text ?? shared,
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      setDraft({ was: draft?.was ?? shared, text: isTitle ? target.value.replace(/\s/g, ' ') : target.value }),
    onBlur: send,
  } as const
  const isBehind = draft !== undefined && draft.was !== shared
  return (
    <div className={`text ${field}`}>
      <label htmlFor={fieldId}>{label}</label>
      {isLong || isTitle ? (
        <textarea rows={isTitle ? 1 : 4} onKeyDown={isTitle ? leaveOnEnter : undefined} {...props} />
      ) : (
        <input type={type} {...props} />
      )}
      {isBehind && (
        <span className="note">
          {someone(card.writtenBy)} has just changed it to “<bdi>{shared || 'nothing'}</bdi>”.
        </span>
      )}
    </div>
  )
}

function leaveOnEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
  event.preventDefault()
  event.currentTarget.blur()
}

function MoveTo({ id, card }: { readonly id: string; readonly card: Card }) {
  const { board } = useSession()
  const [columns, mutate] = useReplicated(boardMachine, state => state.columns)
  return (
    <label className="text">
      Column
      <select
        className="field"
        value={card.column}
        onChange={({ target: { value: to } }) =>
          mutate.moveCard({ id, from: card.column, to, rank: rankAt(board.current(), to, 0) })
        }
      >
        {columns.map(({ id: column, name }) => (
          <option key={column} value={column}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

function Comments({ id, card }: { readonly id: string; readonly card: Card }) {
  const [, mutate] = useReplicated(boardMachine, () => undefined)
  return (
    <Part title="Comments">
      {card.comments.length > 0 && (
        <ul className="comments">
          {card.comments.map(comment => (
            <li key={comment.id}>
              <Face name={comment.by} />
              <div>
                <p className="by">
                  <bdi>{someone(comment.by)}</bdi> <time>{when.format(comment.at)}</time>
                </p>
                <p dir="auto">{comment.text}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
      <LineForm
        label="New comment"
        placeholder="Say something about it"
        button="Comment"
        most={MAX_NOTES}
        onSend={text => mutate.comment({ card: id, text })}
      />
    </Part>
  )
}

function CardHistory({ id }: { readonly id: string }) {
  const history = useHistory(boardMachine)
  const [board] = useReplicated(boardMachine)
  const numberOf = (of: string): number | undefined => history.find(each => each.id === of)?.index
  const own = history.filter(each => cardOfChange(each) === id)
  return (
    <Part title="History">
      {own.length === 0 ? (
        <p className="empty">It began before what is remembered here.</p>
      ) : (
        <ol className="history">
          {own.toReversed().map(each => (
            <li key={each.id}>
              <span className="number">{each.index ?? '·'}</span>
              <Struck isStruck={each.isUndone}>
                <bdi>{someone(each.by)}</bdi> <Said saying={sayingOf(each, board, numberOf)} />
              </Struck>
              <time>{when.format(each.now)}</time>
            </li>
          ))}
        </ol>
      )}
    </Part>
  )
}

export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="part">
      <h3>{title}</h3>
      {children}
    </section>
  )
}

/** Opens the dialog of whichever card is open. */
export function OpenCard() {
  const id = useUi(ui => ui.openCard)
  useEffect(() => {
    if (id !== undefined) return
    // The dialog gave the focus back to a card that may have moved meanwhile.
    if (document.activeElement === document.body) document.querySelector<HTMLElement>('article[data-card]')?.focus()
  }, [id])
  return id === undefined ? null : <CardDialog key={id} id={id} />
}
