/** The Live page: the sentence on top, the picture under it, the machine room beside it. */
import { useMemo } from 'react'
import { useStore } from 'zustand'
import { useTheme } from '../doors/theme-button.tsx'
import { useTitle } from '../doors/use-title.ts'
import { Inspector } from '../inspector/inspector.tsx'
import { KeyValuePanel } from '../key-value/key-value-panel.tsx'
import { Ledger } from '../ledger/ledger.tsx'
import { Ring } from '../ring/ring.tsx'
import { ClassDialog } from '../room/class-dialog.tsx'
import { CodeDialog } from '../room/code-dialog.tsx'
import { RoomPanel } from '../room/room-panel.tsx'
import { StageContext, setStage, useSeats } from '../stage/stage.ts'
import { type Live, LiveContext, useLive } from '../store/live-context.ts'
import { useUi } from '../store/ui-store.ts'
import { live } from '../words/live.ts'
import { useLanguage } from '../words/use-language.ts'
import { EventLog } from './event-log.tsx'
import { Header } from './header.tsx'
import { HelpDialog } from './help-dialog.tsx'
import { useKeys } from './keys.ts'
import { ListDialog } from './list-dialog.tsx'
import { NarrationBar } from './narration-bar.tsx'
import { titleOf } from './title.ts'
import { SideTabs, ViewTabs } from './view-tabs.tsx'
import './page.css'
import './layout.css'
import '../doors/doors.css'

export function App({ live }: { readonly live: Live }) {
  // Where another tab keeps the controls, the picture offers nothing to do.
  const mayAct = useStore(live.store, ({ keeper, self }) => keeper === undefined || keeper === self)
  const stage = useMemo(
    () =>
      setStage({
        cluster: live.store,
        focus: useUi,
        movement: live.picture,
        actions: mayAct ? live.actions : undefined,
      }),
    [live, mayAct],
  )
  return (
    <LiveContext value={live}>
      <StageContext value={stage}>
        <Page />
      </StageContext>
    </LiveContext>
  )
}

function useNodesTitle(): void {
  const phase = useLive(state => state.phase)
  const room = useLive(state => state.room)
  const seat = useSeats().find(({ self }) => self)
  useTitle(titleOf({ phase, room, seat }))
}

function Page() {
  useKeys()
  useLanguage()
  const shown = useUi(state => state.shown)
  const side = useUi(state => state.side)
  const phase = useLive(state => state.phase)
  const setListOpen = useUi(state => state.setListOpen)
  useTheme()
  useNodesTitle()
  return (
    <div className="page live">
      <Header />
      <main>
        <NarrationBar />
        <div className="views" data-shown={shown} data-side={side}>
          <SideTabs />
          <Ring empty={phase === 'broken' ? live().noNode : live().looking} onList={() => setListOpen(true)} />
          <Ledger />
          <Inspector />
          <div className="side">
            <RoomPanel />
            <KeyValuePanel />
            <EventLog />
          </div>
        </div>
      </main>
      <ViewTabs />
      <HelpDialog />
      <CodeDialog />
      <ListDialog />
      <ClassDialog />
    </div>
  )
}
