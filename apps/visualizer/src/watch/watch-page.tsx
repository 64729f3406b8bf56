/** Live of a room that another application has open: the same picture, and nothing to do but look. */
import { useEffect, useLayoutEffect, useMemo, useState } from 'react'
import { useTheme } from '../doors/theme-button.tsx'
import { useTitle } from '../doors/use-title.ts'
import { Inspector } from '../inspector/inspector.tsx'
import { Ledger } from '../ledger/ledger.tsx'
import { Ring } from '../ring/ring.tsx'
import { EventLog } from '../shell/event-log.tsx'
import { Header } from '../shell/header.tsx'
import { HelpDialog } from '../shell/help-dialog.tsx'
import { useKeys } from '../shell/keys.ts'
import { ListDialog } from '../shell/list-dialog.tsx'
import { NarrationBar } from '../shell/narration-bar.tsx'
import { SideTabs, ViewTabs } from '../shell/view-tabs.tsx'
import { StageContext, setStage } from '../stage/stage.ts'
import { LiveContext, useLive } from '../store/live-context.ts'
import { useUi } from '../store/ui-store.ts'
import { doors } from '../words/doors.ts'
import { onWords } from '../words/language.ts'
import { useLanguage } from '../words/use-language.ts'
import { watch } from '../words/watch.ts'
import { type WatchedRoom, watchedRoomIn } from './address.ts'
import { BackLink, WatchPanel } from './watch-panel.tsx'
import { type Watching, watching } from './watching.ts'
import '../shell/layout.css'
import '../room/room.css'
import './watch.css'

export default function WatchDoor({ address }: { readonly address: string }) {
  const watched = useMemo(() => watchedRoomIn(address), [address])
  useTitle(doors().titled(watched === undefined ? watch().title : watch().of(watched.name)))
  if (watched === undefined || !isSecureContext) return <NoRoom isSecure={isSecureContext} />
  return <Watch watched={watched} />
}

function NoRoom({ isSecure }: { readonly isSecure: boolean }) {
  return (
    <main className="live-elsewhere">
      <h1>{watch().title}</h1>
      <p>{isSecure ? watch().noRoom : watch().insecure}</p>
      <p>
        <a href="#/">{doors().home}</a>
      </p>
    </main>
  )
}

function Watch({ watched }: { readonly watched: WatchedRoom }) {
  const [open, setOpen] = useState<Watching | undefined>(undefined)
  useEffect(() => {
    const opened = watching(watched)
    onWords(() => opened.live.picture.retell())
    setOpen(opened)
    return () => opened.close()
  }, [watched])
  return open === undefined ? null : <Watched watching={open} watched={watched} />
}

function Watched({ watching: { live }, watched }: { readonly watching: Watching; readonly watched: WatchedRoom }) {
  const stage = useMemo(
    () => setStage({ cluster: live.store, focus: useUi, movement: live.picture, actions: undefined, own: 'browser' }),
    [live],
  )
  return (
    <LiveContext value={live}>
      <StageContext value={stage}>
        <Page watched={watched} />
      </StageContext>
    </LiveContext>
  )
}

function Page({ watched }: { readonly watched: WatchedRoom }) {
  useKeys()
  useTheme()
  useLanguage()
  const isOpen = useLive(state => state.problem === undefined)
  const shown = useUi(state => state.shown)
  const side = useUi(state => state.side)
  const setListOpen = useUi(state => state.setListOpen)
  // What stands in the log is the application's, and shown by it: there are no values here.
  useLayoutEffect(() => {
    if (useUi.getState().side === 'values') useUi.setState({ side: 'node' })
  }, [])
  return (
    <div className="page live">
      <Header />
      <main>
        <NarrationBar words={watch().headline} remedy={isOpen ? undefined : <BackLink watched={watched} isPrimary />} />
        <div className="views" data-shown={shown} data-side={side}>
          <SideTabs without="values" />
          <Ring empty={isOpen ? watch().headline.opening : watch().nobody} onList={() => setListOpen(true)} />
          <Ledger />
          <Inspector />
          <div className="side watching">
            <WatchPanel watched={watched} />
            <EventLog />
          </div>
        </div>
      </main>
      <ViewTabs without="values" />
      <HelpDialog />
      <ListDialog />
    </div>
  )
}
