/** The board's name, and what is done with all of it. */
import { useReplicated } from '@flotilla/react'
import { useState } from 'react'
import { boardMachine, MAX_TITLE } from '../machine/board.ts'
import { useSession } from '../room/room-context.ts'
import { Boat, Icon } from './icons.tsx'
import { toggleTheme } from './theme.ts'
import { useUi } from './ui.ts'
import { undoLast } from './undo-last.ts'
import './header.css'

export function Header() {
  const session = useSession()
  const [columns] = useReplicated(boardMachine, board => board.columns)
  const { openDialog, writeIn, show } = useUi()
  const shown = useUi(ui => ui.column) ?? columns[0]?.id
  return (
    <header className="top">
      <a className="brand" href="../" aria-label="Flotilla">
        <Boat />
        <span>Board</span>
      </a>
      <BoardTitle />
      <span className="right">
        <button type="button" className="button undo" aria-label="Undo" onClick={() => undoLast(session)}>
          <Icon name="undo" />
          <span className="word">Undo</span> <kbd>Ctrl Z</kbd>
        </button>
        <button
          type="button"
          className="button primary add"
          onClick={() => {
            show('board')
            writeIn(shown)
          }}
        >
          <Icon name="plus" />
          Add a card
        </button>
        <button type="button" className="button" onClick={() => openDialog('share')}>
          Share
        </button>
        <button
          type="button"
          className="button quiet icon-only"
          aria-label="Export and import"
          onClick={() => openDialog('file')}
        >
          <Icon name="more" />
        </button>
        <button type="button" className="button quiet icon-only" aria-label="Dark or light" onClick={toggleTheme}>
          <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
            <circle cx="10" cy="10" r="6.5" />
            <path d="M10 3.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" stroke="none" />
          </svg>
        </button>
        <button
          type="button"
          className="button quiet help"
          aria-label="Keys and signs"
          onClick={() => openDialog('help')}
        >
          <kbd>?</kbd>
        </button>
      </span>
    </header>
  )
}

function BoardTitle() {
  const [title, mutate] = useReplicated(boardMachine, board => board.title)
  const [draft, setDraft] = useState<string | undefined>(undefined)
  const send = (): void => {
    setDraft(undefined)
    const name = draft?.trim() ?? ''
    if (name !== '' && name !== title) mutate.nameBoard(name)
  }
  return (
    <form
      className="crumb"
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      <h1 className="visually-hidden">{title}</h1>
      <input
        aria-label="The board’s name"
        dir="auto"
        maxLength={MAX_TITLE}
        value={draft ?? title}
        onChange={event => setDraft(event.target.value)}
        onBlur={send}
      />
    </form>
  )
}
