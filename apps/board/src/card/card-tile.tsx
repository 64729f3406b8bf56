/** A card in its column: to be opened, picked up, walked to. */
import { useDraggable } from '@dnd-kit/core'
import { useReplicated } from '@flotilla/react'
import { type KeyboardEvent, memo, useEffect, useRef } from 'react'
import { directionOf, moved, pickedUp, placeInWords, useHeld } from '../column/held.ts'
import { putBack, putDown } from '../column/put-down.ts'
import { walk } from '../column/walk.ts'
import { boardMachine } from '../machine/board.ts'
import { useMover } from '../people/people-present.ts'
import { useSession } from '../room/room-context.ts'
import { useUi } from '../shell/ui.ts'
import { CardFace } from './card-face.tsx'
import type { CardState } from './card-state.ts'
import './card.css'

interface CardTileProps {
  readonly id: string
  readonly state: CardState | undefined
  /** From 1, of how many in its column: most of them may not be in the page. */
  readonly place: number
  readonly of: number
}

export const CardTile = memo(function CardTile({ id, state, place, of }: CardTileProps) {
  const session = useSession()
  const [card] = useReplicated(boardMachine, ({ cards }) => cards[id])
  const open = useUi(ui => ui.open)
  const isHeld = useHeld(({ held }) => held?.id === id)
  const mover = useMover(id)
  const { setNodeRef, listeners, isDragging } = useDraggable({ id })
  const tile = useRef<HTMLElement | null>(null)
  const isInHand = useHeld(({ held }) => held?.id === id && held.by === 'keys')
  // In another column it is another element.
  useEffect(() => {
    if (isInHand) tile.current?.focus()
  }, [isInHand])
  if (card === undefined) return null
  if (isDragging) return <p className="origin">You are moving it</p>
  if (mover !== undefined && !isHeld)
    return (
      <p className="origin" data-card={id}>
        <bdi>{mover}</bdi> is moving <b dir="auto">{card.title}</b>
      </p>
    )

  function press(event: KeyboardEvent): void {
    const { held, hold } = useHeld.getState()
    const { say } = useUi.getState()
    const board = session.board.current()
    const direction = directionOf(event.key)
    if (event.key === ' ') {
      event.preventDefault()
      if (held !== undefined) return putDown(session)
      const taken = pickedUp(board, id, 'keys')
      hold(taken)
      if (taken)
        say(`Picked up. ${placeInWords(board, taken)}. Arrows move it, space puts it down, Escape puts it back.`)
    } else if (event.key === 'Escape' && held !== undefined) {
      event.preventDefault()
      putBack()
    } else if (event.key === 'Enter' && held === undefined) {
      open(id)
    } else if (direction !== undefined) {
      event.preventDefault()
      if (held === undefined) return walk(event.currentTarget, direction)
      const next = moved(board, held, direction)
      hold(next)
      say(`${placeInWords(board, next)}.`)
    }
  }

  return (
    <article
      ref={element => {
        tile.current = element
        setNodeRef(element)
      }}
      className={`item ${state?.kind ?? ''} ${isHeld ? 'lifted' : ''}`}
      data-card={id}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it opens, and is picked up, by keys
      tabIndex={0}
      aria-posinset={place}
      aria-setsize={of}
      aria-roledescription="card, space picks it up"
      onClick={() => open(id)}
      {...listeners}
      // After the library's own, which knows pointers only here.
      onKeyDown={press}
    >
      <CardFace card={card} state={state} />
    </article>
  )
})
