/** A card as it lies on the board, or is carried. */
import { memo } from 'react'
import type { Card } from '../machine/board.ts'
import { dayInWords } from '../machine/saying.ts'
import { Face, Icon } from '../shell/icons.tsx'
import type { CardState } from './card-state.ts'

interface CardFaceProps {
  readonly card: Card
  readonly state: CardState | undefined
}

export const CardFace = memo(function CardFace({ card, state }: CardFaceProps) {
  const { title, assignee, due, steps, comments } = card
  const done = steps.filter(step => step.done).length
  const hasFacts = assignee !== '' || due !== '' || steps.length > 0 || comments.length > 0
  return (
    <>
      <h3 dir="auto">{title}</h3>
      {hasFacts && (
        <p className="facts">
          {assignee !== '' && (
            <span className="who">
              <Face name={assignee} />
              <bdi>{assignee}</bdi>
            </span>
          )}
          {due !== '' && <span>{dayInWords(due)}</span>}
          {steps.length > 0 && (
            <span className="count">
              <Icon name="tick" small />
              {done} of {steps.length}
            </span>
          )}
          {comments.length > 0 && (
            <span className="count">
              <Icon name="comment" small />
              <span className="visually-hidden">comments: </span>
              {comments.length}
            </span>
          )}
        </p>
      )}
      {state !== undefined && <StateLine state={state} />}
    </>
  )
})

function StateLine({ state: { kind, changes } }: { readonly state: CardState }) {
  const more = changes > 1 ? `${changes} changes` : ''
  if (kind === 'sent')
    return (
      <p className="state">
        <Icon name="sent" />
        Sent<span>{more || 'not yet committed'}</span>
      </p>
    )
  return (
    <p className="state">
      <Icon name="saved" />
      {kind === 'saved' ? 'Saved here' : 'Not saved yet'}
      <span>{more}</span>
    </p>
  )
}
