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
import { GoneCard, type Written } from './gone-card.tsx'
import { LineForm } from './line-form.tsx'
import { useSentLater } from './sent-later.ts'
import { Steps } from './steps.tsx'
import { type Sent, useWriting } from './writing.ts'
import '../activity/feed.css'
import './card-dialog.css'

export function CardDialog({ id }: { readonly id: string }) {
  const [card, mutate] = useReplicated(boardMachine, ({ cards }) => cards[id])
  const { board } = useSession()
  const open = useUi(ui => ui.open)
  const close = (): void => open(undefined)
  const remove = (): void => {
    mutate.removeCard(id)
    const after = board.canUndo() ? 'Undo brings it back.' : 'It is too large to be brought back.'
    useUi.getState().say(`Removed ${card?.title}. ${after}`)
    close()
  }
  // The fields go with the card; this stays, and is looked at only then.
  const [written] = useState((): Written => new Map())
  if (card === undefined) return <GoneCard written={written} onClose={close} />
  return (
    <Dialog title="Card" onClose={close}>
      <div className="card-dialog">
        <Text id={id} card={card} written={written} field="title" label="Title" most={MAX_TITLE} />
        <Text id={id} card={card} written={written} field="notes" label="Notes" most={MAX_NOTES} isLong />
        <div className="row">
          <Text id={id} card={card} written={written} field="assignee" label="Person" most={80} />
          <Text id={id} card={card} written={written} field="due" label="Due" most={10} type="date" />
          <MoveTo id={id} card={card} />
        </div>
        <Steps id={id} steps={card.steps} written={written} />
        <Comments id={id} card={card} written={written} />
        <CardHistory id={id} />
        <p className="buttons end">
          <button type="button" className="button danger" onClick={remove}>
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
  readonly written: Written
  readonly field: CardField
  readonly label: string
  readonly most: number
  readonly isLong?: boolean
  readonly type?: 'text' | 'date'
}

interface Draft extends Sent {
  /** What this device could not save: it is not sent again by itself before it is another. */
  readonly unsaved?: string
}

/**
 * Sent when it is left, and before when the writing stops for a while, with what it was when the writing began: another's change in
 * between is told, not written over. What this device could not save stays in the field, and is sent with what is typed next.
 */
function Text({ id, card, written, field, label, most, isLong = false, type = 'text' }: TextProps) {
  const { board } = useSession()
  const [draft, setDraft] = useState<Draft | undefined>(undefined)
  const { send, begin } = useWriting({ id, field }, ({ was, text }) =>
    setDraft(now => now && { ...now, was, unsaved: text }),
  )
  const shared = card[field]
  const fieldId = useId()
  // As high as it is long, and yet one line of text.
  const isTitle = field === 'title'
  /** What is sent of it; a title has nothing around its words. */
  const sent = draft && { was: draft.was, text: isTitle ? draft.text.trim() : draft.text }
  const isNew = sent !== undefined && sent.text !== sent.was && !(isTitle && sent.text === '')
  const there = (): string | undefined => board.current().cards[id]?.[field]
  const leave = (): void => {
    setDraft(undefined)
    if (isNew && sent.text !== there()) send(sent)
  }
  useSentLater(draft, isPause => {
    // Whoever is behind reads that first: sent, it would only be refused, and again after the next word.
    if (draft === undefined || !isNew || there() !== sent.was) return
    // By itself this device would hardly have more room for it now.
    if (isPause && sent.text === draft.unsaved) return
    // It stays as it is under the cursor.
    setDraft({ was: sent.text, text: draft.text })
    send(sent)
  })
  const props = {
    id: fieldId,
    className: 'field',
    dir: 'auto',
    maxLength: most,
    value: draft?.text ?? shared,
    onChange: ({ target }: { readonly target: { readonly value: string } }) => {
      const text = isTitle ? target.value.replace(/\s/g, ' ') : target.value
      written.set(label, text)
      if (draft === undefined) begin()
      setDraft({ was: shared, ...draft, text })
    },
    onBlur: leave,
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

interface CommentsProps {
  readonly id: string
  readonly card: Card
  readonly written: Written
}

function Comments({ id, card, written }: CommentsProps) {
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
        onText={text => written.set('New comment', text)}
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
