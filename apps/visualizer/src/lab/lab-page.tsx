/** The Lab: a cluster to break, with time in one's hands. */
import { useEffect, useMemo, useState } from 'react'
import { Brand, DoorsNav } from '../doors/doors-nav.tsx'
import { LanguageButton } from '../doors/language-button.tsx'
import { ThemeButton } from '../doors/theme-button.tsx'
import { useTitle } from '../doors/use-title.ts'
import { useUi } from '../store/ui-store.ts'
import { doors } from '../words/doors.ts'
import { lab } from '../words/lab.ts'
import { useLanguage } from '../words/use-language.ts'
import { Bench } from './bench.tsx'
import { useLab, useLabSession } from './lab-context.ts'
import { LabHelp } from './lab-help.tsx'
import { useLabKeys } from './lab-keys.ts'
import { LabStage } from './lab-stage.tsx'
import { isUntouched, keepLastRun, lastRun } from './last-run.ts'
import { Lights } from './lights.tsx'
import { RunPicker } from './run-picker.tsx'
import { Sentence } from './sentence.tsx'
import { LabSession } from './session.ts'
import type { LinkedRun } from './share.ts'

/**
 * @param address what stands after `#/lab/`: a run that somebody shared, or nothing, and then it is the tab's last one
 * @param base which door it stands behind: its own, or a frame's
 */
export default function LabPage({ address, base }: { readonly address: string; readonly base: 'lab' | 'embed' }) {
  const spoken = useLanguage()
  useTitle(doors().titled(lab().title))
  const [session] = useState(() => new LabSession())
  useEffect(() => () => session.dispose(), [session])
  useEffect(() => {
    if (base === 'embed') return
    const leave = keepLastRun(session)
    return () => void leave()
  }, [session, base])
  useEffect(() => {
    let wanted = true
    const last = address === '' ? lastRun() : undefined
    if (address === '' && last === undefined) return
    void openLinked(last ?? address).then(linked => {
      if (!wanted) return
      if (last !== undefined) return goOnWith(session, linked)
      if (linked.kind === 'none') return
      if (linked.kind === 'refused') return session.tell(linked.reason)
      const { run, step, skipped } = linked
      session.open(run)
      session.goTo(step)
      if (skipped > 0) session.tell(lab().skippedMoves(skipped))
    })
    return () => {
      wanted = false
    }
  }, [session, address])
  // biome-ignore lint/correctness/useExhaustiveDependencies: everything in it is said in the language spoken
  return useMemo(
    () => (
      <LabStage session={session}>
        <Page />
      </LabStage>
    ),
    [session, spoken],
  )
}

/** What reads links comes with the first one. */
async function openLinked(address: string): Promise<LinkedRun> {
  const { runInAddress } = await import('./share.ts')
  return runInAddress(address)
}

/** Where it was left, if it can be made again, and if nobody has begun something else meanwhile. */
function goOnWith(session: LabSession, last: LinkedRun): void {
  if (last.kind !== 'run' || last.skipped > 0 || !isUntouched(session)) return
  session.open(last.run)
  session.goTo(last.step)
  session.tell(lab().yourLastRun)
}

function Page() {
  const session = useLabSession()
  useLabKeys(session)
  return (
    <div className="page lab">
      <header className="header">
        <Brand />
        <DoorsNav here="lab" />
        <span className="crumb">
          <RunPicker />
        </span>
        <span className="header-right">
          <Lights />
          <LanguageButton />
          <ThemeButton />
          <HelpButton />
        </span>
      </header>
      <main>
        <div className="say">
          <Sentence />
          <Notice />
        </div>
        <Bench />
      </main>
      <LabHelp />
    </div>
  )
}

export function HelpButton() {
  const setHelpOpen = useUi(state => state.setHelpOpen)
  return (
    <button type="button" className="button quiet icon" aria-label={doors().help} onClick={() => setHelpOpen(true)}>
      <kbd>?</kbd>
    </button>
  )
}

export function Notice() {
  const notice = useLab(state => state.notice)
  return (
    <p className="notice" role="status">
      {notice}
    </p>
  )
}
