/** The open board: board, activity and members, side by side or, on a phone, one after the other. */
import { ClusterProvider, useReplicated } from '@flotilla/react'
import { lazy, Suspense, useEffect, useLayoutEffect } from 'react'
import { Feed } from '../activity/feed.tsx'
import { OpenCard } from '../card/card-dialog.tsx'
import { cardStates } from '../card/card-state.ts'
import { BoardView } from '../column/board-view.tsx'
import { useHeld } from '../column/held.ts'
import { boardMachine } from '../machine/board.ts'
import { cardsOf } from '../machine/order.ts'
import { Members } from '../people/members.tsx'
import { Pointers, useTellPresence } from '../people/pointers.tsx'
import { RoomContext, useSession } from '../room/room-context.ts'
import type { Session } from '../room/session.ts'
import { Banner } from './banner.tsx'
import { Header } from './header.tsx'
import { Icon } from './icons.tsx'
import { Refusals } from './refusals.tsx'
import { type Pane, useUi } from './ui.ts'
import { undoLast } from './undo-last.ts'
import './page.css'

const ShareDialog = lazy(() => import('../room/share-dialog.tsx'))
const FileDialog = lazy(() => import('../room/file-dialog.tsx'))
const GiveUpDialog = lazy(() => import('./give-up-dialog.tsx'))
const HelpDialog = lazy(() => import('./help-dialog.tsx'))
const FindDialog = lazy(() => import('./find.tsx'))

export function App({ session }: { readonly session: Session }) {
  return (
    <RoomContext.Provider value={session}>
      <ClusterProvider state={session.state}>
        <Page />
      </ClusterProvider>
    </RoomContext.Provider>
  )
}

function Page() {
  useTellPresence()
  useShortcuts()
  useTitle()
  const { pane, dialog, openDialog, said } = useUi()
  return (
    <>
      <Header />
      <Banner />
      <main data-pane={pane}>
        <ColumnTabs />
        <BoardView />
        <aside>
          <Members />
          <Feed />
        </aside>
      </main>
      <PhoneTabs />
      <Refusals />
      <OpenCard />
      <Pointers />
      <Suspense>
        {dialog === 'share' && <ShareDialog />}
        {dialog === 'file' && <FileDialog />}
        {dialog === 'give-up' && <GiveUpDialog />}
        {dialog === 'help' && <HelpDialog />}
        {dialog === 'find' && <FindDialog onClose={() => openDialog(undefined)} />}
      </Suspense>
      <p className="visually-hidden" aria-live="polite">
        {said}
      </p>
    </>
  )
}

/** On a phone one column is shown; the others say how many cards they have, and whether something of them is not committed. */
function ColumnTabs() {
  const [board] = useReplicated(boardMachine)
  const { board: shared } = useSession()
  const shown = useUi(ui => ui.column) ?? board.columns[0]?.id
  const showColumn = useUi(ui => ui.showColumn)
  const states = cardStates(shared.pending())
  const over = useHeld(({ held }) => (held?.by === 'pointer' ? held.column : undefined))
  return (
    <fieldset className="segments" aria-label="Columns">
      {board.columns.map(({ id, name }) => {
        const cards = cardsOf(board, id)
        const [, state] = [...states].find(([card]) => board.cards[card]?.column === id) ?? []
        return (
          <button
            key={id}
            type="button"
            aria-pressed={id === shown}
            data-tab={id}
            data-over={(id === over && id !== shown) || undefined}
            onClick={() => showColumn(id)}
          >
            <bdi>{name}</bdi> <span>{cards.length}</span>
            {state !== undefined && id !== shown && (
              <>
                <Icon name={state.kind === 'sent' ? 'sent' : 'saved'} small />
                <span className="visually-hidden">, something is not committed</span>
              </>
            )}
          </button>
        )
      })}
    </fieldset>
  )
}

const panes: readonly { readonly pane: Pane; readonly name: string; readonly icon: 'board' | 'list' | 'people' }[] = [
  { pane: 'board', name: 'Board', icon: 'board' },
  { pane: 'activity', name: 'Activity', icon: 'list' },
  { pane: 'members', name: 'Members', icon: 'people' },
]

function PhoneTabs() {
  const { pane, show, writeIn } = useUi()
  const [columns] = useReplicated(boardMachine, board => board.columns)
  const shown = useUi(ui => ui.column) ?? columns[0]?.id
  return (
    <nav className="phone-tabs" aria-label="Parts of the page">
      {panes.map(({ pane: each, name, icon }) => (
        <button key={each} type="button" aria-pressed={each === pane} onClick={() => show(each)}>
          <Icon name={icon} />
          {name}
        </button>
      ))}
      <button
        type="button"
        className="button primary"
        onClick={() => {
          show('board')
          writeIn(shown)
        }}
      >
        <Icon name="plus" />
        Card
      </button>
    </nav>
  )
}

function useShortcuts(): void {
  const session = useSession()
  // Before anything is painted: a key may be pressed as soon as the page can be seen.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { target, key, ctrlKey, metaKey, altKey } = event
      const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null
      const ui = useUi.getState()
      if ((ctrlKey || metaKey) && key.toLowerCase() === 'z' && !isTyping) {
        event.preventDefault()
        return undoLast(session)
      }
      if (isTyping || ctrlKey || metaKey || altKey || ui.dialog !== undefined) return
      if (key === '?') ui.openDialog('help')
      else if (key === '/') ui.openDialog('find')
      else if (key.toLowerCase() === 'n') {
        ui.show('board')
        ui.writeIn(ui.column ?? session.board.current().columns[0]?.id)
      } else return
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [session])
}

function useTitle(): void {
  const [title] = useReplicated(boardMachine, board => board.title)
  useEffect(() => {
    document.title = `${title} · Board`
  }, [title])
}
