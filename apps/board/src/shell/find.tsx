/** Finds cards by what they say. */
import { useReplicated } from '@flotilla/react'
import { useState } from 'react'
import { boardMachine } from '../machine/board.ts'
import { Dialog } from './dialog.tsx'
import { useUi } from './ui.ts'
import './find.css'

const MOST = 20

export default function FindDialog({ onClose }: { readonly onClose: () => void }) {
  const [board] = useReplicated(boardMachine)
  const open = useUi(ui => ui.open)
  const [text, setText] = useState('')
  const wanted = text.trim().toLocaleLowerCase()
  const found =
    wanted === ''
      ? []
      : Object.entries(board.cards).filter(([, { title, notes, assignee }]) =>
          `${title}\n${notes}\n${assignee}`.toLocaleLowerCase().includes(wanted),
        )
  return (
    <Dialog title="Find a card" onClose={onClose}>
      <input
        className="field"
        type="search"
        aria-label="Words of the card"
        dir="auto"
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <p role="status">
        {wanted !== '' && (found.length === 0 ? 'No card has these words.' : `${found.length} found`)}
      </p>
      <ul className="found">
        {found.slice(0, MOST).map(([id, card]) => (
          <li key={id}>
            <button
              type="button"
              className="button quiet"
              onClick={() => {
                onClose()
                open(id)
              }}
            >
              <b dir="auto">{card.title}</b>
              <span>{board.columns.find(column => column.id === card.column)?.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
