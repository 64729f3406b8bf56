/**
 * What the board is measured beside: as many cards in three virtual columns, of React and zustand alone. Nothing is shared, kept
 * or undone; an edit copies the cards with one more, and puts that one in its column.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useCallback, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { create } from 'zustand'
import { manyCards } from '../fixtures/many-cards.ts'
import type { Card } from '../machine/board.ts'

interface Cards {
  readonly cards: Readonly<Record<string, Card>>
  readonly columns: Readonly<Record<string, readonly string[]>>
}

const { cards, columns } = manyCards(Number(new URLSearchParams(location.search).get('cards')))
const idsOf = (column: string): readonly string[] => Object.keys(cards).filter(id => cards[id]?.column === column)

const useCards = create<Cards>(() => ({
  cards,
  columns: Object.fromEntries(columns.map(({ id }) => [id, idsOf(id)])),
}))

const newCard = (title: string, column: string): Card => ({
  title,
  notes: '',
  column,
  rank: 0,
  assignee: '',
  due: '',
  steps: [],
  comments: [],
  movedBy: '',
  writtenBy: '',
})

function add(title: string, column: string): void {
  const id = crypto.randomUUID()
  useCards.setState(({ cards, columns }) => ({
    cards: { ...cards, [id]: newCard(title, column) },
    columns: { ...columns, [column]: [id, ...(columns[column] ?? [])] },
  }))
}

const Tile = memo(function Tile({ id }: { readonly id: string }) {
  const title = useCards(({ cards }) => cards[id]?.title)
  return (
    <article data-card={id}>
      <h3>{title}</h3>
    </article>
  )
})

function Column({ id, name }: { readonly id: string; readonly name: string }) {
  const ids = useCards(({ columns }) => columns[id] ?? [])
  const scroller = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 100,
    overscan: 6,
    getItemKey: useCallback((index: number) => ids[index] ?? index, [ids]),
  })
  return (
    <section aria-label={name}>
      <div ref={scroller} style={{ height: '80vh', overflow: 'auto' }}>
        <div style={{ height: list.getTotalSize(), position: 'relative' }}>
          {list.getVirtualItems().map(({ key, index, start }) => (
            <div
              key={key}
              data-index={index}
              ref={list.measureElement}
              style={{ position: 'absolute', transform: `translateY(${start}px)` }}
            >
              <Tile id={ids[index] ?? ''} />
            </div>
          ))}
        </div>
      </div>
    </section>
  )
}

function Floor() {
  const [title, setTitle] = useState('')
  return (
    <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr 1fr' }}>
      <label className="new-card">
        Title of the new card
        <textarea
          value={title}
          onChange={({ target }) => setTitle(target.value)}
          onKeyDown={({ key }) => key === 'Enter' && add(title, columns[0]?.id ?? '')}
        />
      </label>
      {columns.map(column => (
        <Column key={column.id} {...column} />
      ))}
    </div>
  )
}

const root = document.getElementById('root')
if (root) createRoot(root).render(<Floor />)
