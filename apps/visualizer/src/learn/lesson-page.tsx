/** A lesson on the Lab's bench: what is said stands above the picture, what is asked beside it, and nothing ever covers it. */
import { loadSwitches } from '@flotilla/simulator/lab'
import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { Brand } from '../doors/doors-nav.tsx'
import { LanguageButton } from '../doors/language-button.tsx'
import { ThemeButton } from '../doors/theme-button.tsx'
import { useTitle } from '../doors/use-title.ts'
import { Bench } from '../lab/bench.tsx'
import { useLab, useLabSession } from '../lab/lab-context.ts'
import { LabHelp } from '../lab/lab-help.tsx'
import { useLabKeys } from '../lab/lab-keys.ts'
import { HelpButton, Notice } from '../lab/lab-page.tsx'
import { LabStage } from '../lab/lab-stage.tsx'
import { Lights } from '../lab/lights.tsx'
import { SidePanel } from '../lab/panels/side-panel.tsx'
import { Announcer } from '../lab/sentence.tsx'
import { doors } from '../words/doors.ts'
import { learn } from '../words/learn.ts'
import { stepIn } from './lesson-address.ts'
import { LessonCard } from './lesson-card.tsx'
import { LessonSession } from './lesson-session.ts'
import { lessonOf } from './own-lessons.ts'
import { useProgress } from './progress.ts'
import './learn.css'
import './lesson.css'

/** @param base which door it stands behind: its own, or a frame's */
export default function LessonPage({ address, base }: { readonly address: string; readonly base: 'learn' | 'embed' }) {
  const [id = '', place = '0'] = address.split('/')
  const lesson = lessonOf(id)
  const step = lesson === undefined ? 0 : stepIn(lesson, place)
  const isModified = (lesson?.setup.off?.length ?? 0) > 0
  const hasSwitches = useSwitches(isModified || step > 0)
  useTitle(doors().titled(lesson?.title ?? learn().noSuchLesson))
  if (lesson === undefined)
    return (
      <main className="lesson-missing">
        <h1>{learn().missing}</h1>
        <p>{learn().missingWhy}</p>
        <a className="button primary" href="#/learn">
          {learn().allLessons}
        </a>
      </main>
    )
  if (isModified && !hasSwitches) return null
  return <OpenLesson key={id} base={base} id={id} lesson={lesson} step={step} isReady={hasSwitches} />
}

/** Some steps are of modified Raft. What a lesson begins with is the real one, nearly always: the core with switches comes after it. */
function useSwitches(wanted: boolean): boolean {
  const [there, setThere] = useState(false)
  useEffect(() => {
    if (wanted && !there) void loadSwitches().then(() => setThere(true))
  }, [wanted, there])
  return there || !wanted
}

function OpenLesson(props: {
  readonly base: 'learn' | 'embed'
  readonly id: string
  readonly lesson: NonNullable<ReturnType<typeof lessonOf>>
  readonly step: number
  /** What the step needs is here. */
  readonly isReady: boolean
}) {
  const { base, id, lesson, step, isReady } = props
  const [session] = useState(() => new LessonSession(lesson))
  // The same lesson, perhaps in another language.
  session.lesson = lesson
  useEffect(() => () => session.dispose(), [session])
  useEffect(() => {
    if (!isReady) return
    session.goTo(step)
    useProgress.getState().reach(id, step)
  }, [session, id, step, isReady])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the lesson says is read from the session
  return useMemo(
    () => (
      <LabStage session={session.lab}>
        <Room session={session} id={id} base={base} />
      </LabStage>
    ),
    [session, id, base, lesson],
  )
}

function Room(props: { readonly session: LessonSession; readonly id: string; readonly base: 'learn' | 'embed' }) {
  const { session, id, base } = props
  const lab = useLabSession()
  useLabKeys(lab)
  const { lesson } = session
  const words = learn()
  const step = useStore(session.store, state => state.step)
  const phase = useStore(session.store, state => state.phase)
  useEffect(() => {
    if (phase === 'done') useProgress.getState().finish(id)
  }, [phase, id])
  const go = (to: number) => {
    location.hash = `#/${base}/${id}/${to}`
  }
  const isLast = step === session.taskNumber
  return (
    <div className="page lab lesson">
      <header className="header">
        <Brand />
        <a className="lesson-back" href="#/learn">
          {words.allLessons}
        </a>
        <span className="crumb">
          <strong>{lesson.title}</strong>
        </span>
        <span className="header-right">
          <a className="lesson-back" href={`#/present/${id}/${step}`}>
            {words.present}
          </a>
          <Lights />
          <LanguageButton />
          <ThemeButton />
          <HelpButton />
        </span>
      </header>
      <main>
        <div className="say lesson-say">
          <Said session={session} />
          <div className="lesson-steps">
            <span className="lesson-count">{words.stepOf(step, session.taskNumber)}</span>
            <button type="button" className="button" disabled={step === 0} onClick={() => go(step - 1)}>
              {words.back}
            </button>
            {phase === 'watching' ? (
              <button type="button" className="button primary" onClick={() => session.skip()}>
                {words.toTheEnd}
              </button>
            ) : isLast ? (
              <a className={phase === 'done' ? 'button primary' : 'button'} href="#/learn">
                {words.allLessons}
              </a>
            ) : (
              <button
                type="button"
                className={phase === 'asking' ? 'button' : 'button primary'}
                disabled={phase === 'asking'}
                onClick={() => go(step + 1)}
              >
                {step === 0 ? words.begin : step === session.taskNumber - 1 ? words.yourTurn : words.next}
              </button>
            )}
          </div>
        </div>
        <Bench
          beside={
            <div className="lesson-beside">
              <LessonCard session={session} />
              <Free session={session} />
              <SidePanel />
            </div>
          }
        />
      </main>
      <LabHelp />
    </div>
  )
}

/** What the lesson says; while something happens that was predicted, only what happens. */
function Said({ session }: { readonly session: LessonSession }) {
  const { lesson } = session
  const { step, phase } = useStore(session.store)
  const lab = useLabSession()
  const at = useLab(state => state.step)
  const isFree = useLab(() => session.isFree)
  const given = lesson.steps[step - 1]
  const words = learn()
  const asked = given?.ask !== undefined
  const told = lab.history.sentence(at)?.sentence
  const [text, detail] =
    phase === 'goal'
      ? [lesson.goal, words.outline(words.section(lesson.section), lesson.steps.length)]
      : phase === 'task' || phase === 'done'
        ? [phase === 'done' ? words.taskDone : lesson.check.task, '']
        : phase === 'asking'
          ? [given?.ask?.question ?? '', isFree ? '' : words.nothingYet]
          : phase === 'watching' && asked
            ? [told?.text ?? '', told?.detail ?? '']
            : [given?.say ?? '', given?.more ?? '']
  return (
    <div className="say-words" data-size={text.length > 180 ? 'small' : text.length > 90 ? 'medium' : 'large'}>
      <h1>{text}</h1>
      {detail !== '' && <p>{detail}</p>}
      <Announcer text={text} />
    </div>
  )
}

/** Whoever does something of their own can always come back. */
function Free({ session }: { readonly session: LessonSession }) {
  const isFree = useLab(() => session.isFree)
  const { phase, step } = useStore(session.store)
  if (!isFree || phase === 'task' || phase === 'done') return <Notice />
  return (
    <>
      <Notice />
      <div className="lesson-free">
        <p>{learn().ownRun}</p>
        <button type="button" className="button small" onClick={() => session.goTo(step)}>
          {learn().backToLesson}
        </button>
      </div>
    </>
  )
}
