/** All columns, and a pointer's or a finger's way of carrying cards between them. */
import {
  DndContext,
  type DragMoveEvent,
  DragOverlay,
  type DragStartEvent,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { usePending, useReplicated } from '@flotilla/react'
import { CardFace } from '../card/card-face.tsx'
import { useCardStates } from '../card/card-state.ts'
import { boardMachine } from '../machine/board.ts'
import { useSession } from '../room/room-context.ts'
import { useUi } from '../shell/ui.ts'
import { ColumnView } from './column-view.tsx'
import { pickedUp, useHeld } from './held.ts'
import { placeUnder } from './place-under.ts'
import { putBack, putDown } from './put-down.ts'
import './column.css'

// Others each time would render every card each time.
const mouse = { activationConstraint: { distance: 6 } }
/** One that moves at once scrolls. */
const finger = { activationConstraint: { delay: 250, tolerance: 8 } }
const nothing = (): undefined => undefined
/** What is carried is told in our own words, and by keys it is not the library that carries. */
const silent = {
  announcements: { onDragStart: nothing, onDragOver: nothing, onDragEnd: nothing, onDragCancel: nothing },
  screenReaderInstructions: { draggable: '' },
}

export function BoardView() {
  const session = useSession()
  const [columns] = useReplicated(boardMachine, board => board.columns)
  const pending = usePending(boardMachine)
  const states = useCardStates(pending)
  const hold = useHeld(store => store.hold)
  const shown = useUi(ui => ui.column) ?? columns[0]?.id
  const sensors = useSensors(useSensor(MouseSensor, mouse), useSensor(TouchSensor, finger))

  function begin({ active }: DragStartEvent): void {
    hold(pickedUp(session.board.current(), String(active.id), 'pointer'))
  }
  function follow({ activatorEvent, delta }: DragMoveEvent): void {
    const { held } = useHeld.getState()
    const start = startOf(activatorEvent)
    const place = held && start && placeUnder(start.x + delta.x, start.y + delta.y, held.id)
    if (held && place && (place.column !== held.column || place.place !== held.place)) hold({ ...held, ...place })
  }

  return (
    <DndContext
      sensors={sensors}
      accessibility={silent}
      onDragStart={begin}
      onDragMove={follow}
      onDragEnd={() => putDown(session)}
      onDragCancel={putBack}
    >
      <div className="board">
        {columns.map(column => (
          <ColumnView key={column.id} column={column} states={states} isShown={column.id === shown} />
        ))}
      </div>
      <DragOverlay dropAnimation={null}>
        <Carried />
      </DragOverlay>
    </DndContext>
  )
}

function Carried() {
  const id = useHeld(({ held }) => (held?.by === 'pointer' ? held.id : undefined))
  const [card] = useReplicated(boardMachine, ({ cards }) => (id === undefined ? undefined : cards[id]))
  return (
    card && (
      <div className="item lifted">
        <CardFace card={card} state={undefined} />
      </div>
    )
  )
}

function startOf(event: Event): { readonly x: number; readonly y: number } | undefined {
  if (event instanceof MouseEvent) return { x: event.clientX, y: event.clientY }
  if (typeof TouchEvent === 'undefined' || !(event instanceof TouchEvent)) return undefined
  const [touch] = event.touches
  return touch && { x: touch.clientX, y: touch.clientY }
}
