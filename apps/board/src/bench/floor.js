/**
 * What the board is measured beside: as many cards in three virtual columns, of React and zustand alone. Nothing is shared, kept
 * or undone; an edit copies the cards with one more, and puts that one in its column.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useCallback, useRef, useState } from 'react'
import { jsx as _jsx, jsxs as _jsxs } from 'react/jsx-runtime'
import { createRoot } from 'react-dom/client'
import { create } from 'zustand'
import { manyCards } from '../src/fixtures/many-cards.js'

const { cards, columns } = manyCards(Number(new URLSearchParams(location.search).get('cards')))
/** The first, for the others’ facts. */
const like = cards['card-0']
if (like === undefined) throw new RangeError('no cards: ?cards=10000')
const idsOf = column => Object.keys(cards).filter(id => cards[id]?.column === column)
const useCards = create(() => ({
  cards,
  columns: Object.fromEntries(columns.map(({ id }) => [id, idsOf(id)])),
}))
function add(title, column) {
  const id = crypto.randomUUID()
  useCards.setState(({ cards, columns }) => ({
    cards: { ...cards, [id]: { ...like, title, column } },
    columns: { ...columns, [column]: [id, ...(columns[column] ?? [])] },
  }))
}
const Tile = memo(function Tile({ id }) {
  const title = useCards(({ cards }) => cards[id]?.title)
  return _jsx('article', { 'data-card': id, children: _jsx('h3', { children: title }) })
})
function Column({ id, name }) {
  const ids = useCards(({ columns }) => columns[id] ?? [])
  const scroller = useRef(null)
  const list = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 100,
    overscan: 6,
    getItemKey: useCallback(index => ids[index] ?? index, [ids]),
  })
  return _jsx('section', {
    'aria-label': name,
    children: _jsx('div', {
      ref: scroller,
      style: { height: '80vh', overflow: 'auto' },
      children: _jsx('div', {
        style: { height: list.getTotalSize(), position: 'relative' },
        children: list.getVirtualItems().map(({ key, index, start }) =>
          _jsx(
            'div',
            {
              'data-index': index,
              ref: list.measureElement,
              style: { position: 'absolute', transform: `translateY(${start}px)` },
              children: _jsx(Tile, { id: ids[index] ?? '' }),
            },
            key,
          ),
        ),
      }),
    }),
  })
}
function Floor() {
  const [title, setTitle] = useState('')
  return _jsxs('div', {
    style: { display: 'grid', gridTemplateColumns: '1fr 1fr 1fr' },
    children: [
      _jsxs('label', {
        className: 'new-card',
        children: [
          'Title of the new card',
          _jsx('textarea', {
            value: title,
            onChange: ({ target }) => setTitle(target.value),
            onKeyDown: ({ key }) => key === 'Enter' && add(title, columns[0]?.id ?? ''),
          }),
        ],
      }),
      columns.map(column => _jsx(Column, { ...column }, column.id)),
    ],
  })
}
const root = document.getElementById('root')
if (root) createRoot(root).render(_jsx(Floor, {}))
//# sourceMappingURL=floor.js.map
