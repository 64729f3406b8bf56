/** A column: its name, its cards from the top, and the place that opens for a card that is carried over it. */
import { useReplicated } from '@flotilla/react'
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { CardState } from '../card/card-state.ts'
import { CardTile } from '../card/card-tile.tsx'
import { boardMachine, type Column } from '../machine/board.ts'
import { cardsOf, rankAt, sameIds } from '../machine/order.ts'
import { useSession } from '../room/room-context.ts'
import { Icon } from '../shell/icons.tsx'
import { useUi } from '../shell/ui.ts'
import { useHeld } from './held.ts'

interface ColumnViewProps {
  readonly column: Column
  readonly states: ReadonlyMap<string, CardState>
  readonly isShown: boolean
}

/** Stands for the place at which the held card would come to stand. */
const SLOT = ''

export function ColumnView({ column: { id, name }, states, isShown }: ColumnViewProps) {
  const [ids] = useReplicated(boardMachine, board => cardsOf(board, id), sameIds)
  const held = useHeld(store => store.held)
  const shown = useMemo(() => {
    if (held === undefined || (held.by === 'pointer' && held.column !== id)) return ids
    // What is held by keys moves as itself; what a pointer carries leaves its place behind, and opens another.
    const others = held.by === 'keys' ? ids.filter(each => each !== held.id) : ids
    if (held.column !== id) return others
    // Over its own place nothing opens: the other cards would leap from under the pointer as it is picked up.
    if (held.by === 'pointer' && ids[held.place] === held.id) return ids
    const at = held.by === 'keys' ? held.place : placeAmong(ids, held.id, held.place)
    return others.toSpliced(at, 0, held.by === 'keys' ? held.id : SLOT)
  }, [ids, held, id])
  const writeIn = useUi(ui => ui.writeIn)
  const isWriting = useUi(ui => ui.writingIn === id)
  return (
    <section className="column" aria-label={name} data-column={id} data-shown={isShown || undefined}>
      <h2>
        <bdi>{name}</bdi>
        <span>{ids.length}</span>
        <button
          type="button"
          className="button quiet icon-only"
          aria-label={`Add a card to ${name}`}
          onClick={() => writeIn(id)}
        >
          <Icon name="plus" />
        </button>
      </h2>
      {isWriting && <NewCard column={id} />}
      {ids.length === 0 && !isWriting && held === undefined && <p className="empty">No cards yet.</p>}
      <Cards ids={shown} states={states} />
    </section>
  )
}

/** Where a slot stands in a list in which the carried card still has its place. */
function placeAmong(ids: readonly string[], held: string, place: number): number {
  const own = ids.indexOf(held)
  return own >= 0 && place > own ? place + 1 : place
}

function Cards({ ids, states }: { readonly ids: readonly string[]; readonly states: ReadonlyMap<string, CardState> }) {
  const scroller = useRef<HTMLDivElement>(null)
  // What has the focus stays in the page, however far it is scrolled away from: the arrows go on from there.
  const [focused, setFocused] = useState<string | undefined>(undefined)
  const rangeExtractor = useCallback(
    (range: Range) => {
      const at = focused === undefined ? -1 : ids.indexOf(focused)
      const shown = defaultRangeExtractor(range)
      return at < 0 || shown.includes(at) ? shown : [...shown, at].sort((a, b) => a - b)
    },
    [ids, focused],
  )
  // Another function each time would have every place worked out anew each time.
  const getItemKey = useCallback((index: number) => ids[index] || index, [ids])
  const list = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 100,
    gap: 10,
    overscan: 6,
    rangeExtractor,
    getItemKey,
  })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only looks where the focus goes
    <div
      className="cards"
      ref={scroller}
      onFocus={({ target }) => setFocused(target.closest<HTMLElement>('[data-card]')?.dataset.card)}
      onBlur={() => setFocused(undefined)}
    >
      <div style={{ height: list.getTotalSize(), position: 'relative' }}>
        {list.getVirtualItems().map(({ key, index, start }) => {
          const id = ids[index]
          return (
            <div
              key={key}
              data-index={index}
              ref={list.measureElement}
              className="place"
              style={{ transform: `translateY(${start}px)` }}
            >
              {id === undefined || id === SLOT ? (
                <p className="slot" />
              ) : (
                <CardTile id={id} state={states.get(id)} place={index + 1} of={ids.length} />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function NewCard({ column }: { readonly column: string }) {
  const { board } = useSession()
  const writeIn = useUi(ui => ui.writeIn)
  const [title, setTitle] = useState('')
  const add = (): void => {
    if (title.trim() === '') return writeIn(undefined)
    const rank = rankAt(board.current(), column, 0)
    board.mutate.addCard({ id: crypto.randomUUID(), title, column, rank })
    useUi.getState().say(`Added ${title.trim()}.`)
    setTitle('')
  }
  return (
    <form
      className="item new-card"
      onSubmit={event => {
        event.preventDefault()
        add()
      }}
    >
      <label>
        <span className="visually-hidden">Title of the new card</span>
        <textarea
          // biome-ignore lint/a11y/noAutofocus: it was asked for
          autoFocus
          rows={2}
          maxLength={200}
          dir="auto"
          value={title}
          placeholder="What is to be done?"
          onChange={event => setTitle(event.target.value.replace(/\n/g, ' '))}
          onKeyDown={event => {
            if (event.key === 'Escape') writeIn(undefined)
            if (event.key !== 'Enter') return
            event.preventDefault()
            add()
          }}
        />
      </label>
      <p className="buttons">
        <button type="submit" className="button primary small">
          Add
        </button>
        <button type="button" className="button quiet small" onClick={() => writeIn(undefined)}>
          Cancel
        </button>
      </p>
    </form>
  )
}
