/**
 * A lesson for the projector: only the picture and the sentence, large, and keys or a clicker to go on. Where something is
 * asked, the class is: how many chose each answer stays on screen while the run reveals what happens.
 */
import { ruleOf } from '@flotilla/simulator/lab'
import { Suspense, useEffect, useLayoutEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { hasLive } from '../doors/has-live.ts'
import { useTitle } from '../doors/use-title.ts'
import { useLab, useLabSession } from '../lab/lab-context.ts'
import { LabStage } from '../lab/lab-stage.tsx'
import { Announcer } from '../lab/sentence.tsx'
import { spokenRule } from '../lab/spoken-rules.ts'
import { LessonSession } from '../learn/lesson-session.ts'
import { lessonOf } from '../learn/own-lessons.ts'
import { Ledger } from '../ledger/ledger.tsx'
import { fitsBesideNode } from '../ring/log-cells.tsx'
import { Ring } from '../ring/ring.tsx'
import { useCluster } from '../stage/stage.ts'
import { useUi } from '../store/ui-store.ts'
import { doors } from '../words/doors.ts'
import { lab as labWords } from '../words/lab.ts'
import { chooseLanguage, otherLanguage } from '../words/language.ts'
import { lazyPart } from '../words/lazy-part.ts'
import { learn } from '../words/learn.ts'
import { present } from '../words/present.ts'
import { AskTheClass } from './ask-the-class.tsx'
import './present.css'

/** Few lessons end in a room of one's own: it is fetched when it is asked for. */
const RoomCode = lazyPart(() => import('./room-code.tsx'))

export default function PresentPage({ address }: { readonly address: string }) {
  const [id = '', place = '0'] = address.split('/')
  const lesson = lessonOf(id)
  useTitle(doors().titled(lesson?.title ?? learn().noSuchLesson))
  // Everything here is measured in the page's type, and that in the height of the screen: nothing is drawn before it is so.
  const [isLarge, setLarge] = useState(false)
  useLayoutEffect(() => {
    document.documentElement.classList.add('presenting')
    setLarge(true)
    return () => document.documentElement.classList.remove('presenting')
  }, [])
  if (lesson === undefined)
    return (
      <main className="lesson-missing">
        <h1>{learn().missing}</h1>
        <a className="button primary" href="#/learn">
          {learn().allLessons}
        </a>
      </main>
    )
  if (!isLarge) return null
  return <Presented key={id} id={id} lesson={lesson} step={Number.parseInt(place, 10) || 0} />
}

function Presented(props: {
  readonly id: string
  readonly lesson: NonNullable<ReturnType<typeof lessonOf>>
  readonly step: number
}) {
  const { id, lesson, step } = props
  const [session] = useState(() => new LessonSession(lesson))
  // The same lesson, perhaps in another language.
  session.lesson = lesson
  useEffect(() => () => session.dispose(), [session])
  useEffect(() => session.goTo(step), [session, step])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the lesson says is read from the session
  return useMemo(
    () => (
      <LabStage session={session.lab}>
        <Screen session={session} id={id} />
      </LabStage>
    ),
    [session, id, lesson],
  )
}

function Screen({ session, id }: { readonly session: LessonSession; readonly id: string }) {
  const { step, phase } = useStore(session.store)
  const lab = useLabSession()
  const at = useLab(state => state.step)
  const [counts, setCounts] = useState<Readonly<Record<number, readonly number[]>>>({})
  const [bars, setBars] = useState(true)
  const [logs, setLogs] = useState(false)
  const [room, setRoom] = useState(false)
  /** Logs that are short stand in the ring; longer ones take its place. */
  const areShort = useCluster(({ view }) => [...view.nodes.values()].every(fitsBesideNode))
  const ask = session.lesson.steps[step - 1]?.ask
  const count = (option: number, by: number) =>
    setCounts(before => {
      const now = ask?.options.map((_, i) => before[step]?.[i] ?? 0) ?? []
      return { ...before, [step]: now.map((each, i) => (i === option ? Math.max(0, each + by) : each)) }
    })

  // Before anything is painted: a key may be pressed as soon as the page can be seen.
  useLayoutEffect(() => {
    const go = (to: number) => {
      location.hash = `#/present/${id}/${Math.min(session.taskNumber, Math.max(0, to))}`
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof HTMLInputElement && event.key !== 'Escape') return
      const letter = 'abcd'.indexOf(event.key.toLowerCase())
      if (event.key === ' ' || event.key === 'PageDown') {
        if (phase === 'asking') session.predict(-1)
        else if (phase === 'watching') session.skip()
        else go(step + 1)
      } else if (event.key === 'ArrowRight') go(step + 1)
      else if (event.key === 'ArrowLeft' || event.key === 'PageUp') go(step - 1)
      else if ((event.key === 'q' && hasLive) || (room && event.key === 'Escape')) setRoom(now => !now)
      else if (event.key === 'Escape') location.hash = `#/learn/${id}/${step}`
      else if (event.key === 'g') void chooseLanguage(otherLanguage())
      else if (event.key === 't') {
        const ui = useUi.getState()
        ui.setTheme(ui.theme === 'dark' ? 'light' : 'dark')
      } else if (ask !== undefined && letter >= 0 && letter < ask.options.length) count(letter, event.shiftKey ? -1 : 1)
      else if (event.key === 'h') setBars(now => !now)
      else if (event.key === 'l') setLogs(now => !now)
      else return
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })

  const told = lab.history.sentence(at)?.sentence.text ?? ''
  const { lesson } = session
  const text =
    phase === 'goal'
      ? lesson.title
      : phase === 'task' || phase === 'done'
        ? lesson.check.task
        : phase === 'watching' || phase === 'asking'
          ? told
          : (lesson.steps[step - 1]?.say ?? '')
  return (
    <main className="present" data-asks={ask !== undefined}>
      <div className="present-say" data-size={text.length > 150 ? 'small' : text.length > 70 ? 'medium' : 'large'}>
        <Modified />
        <h1>{text}</h1>
        {phase === 'goal' && <p>{lesson.goal}</p>}
        <Announcer text={text} />
      </div>
      <div className="present-picture">
        {room ? (
          <Suspense>
            <RoomCode />
          </Suspense>
        ) : ask === undefined ? (
          <>
            <Ring empty="" />
            <Ledger />
          </>
        ) : areShort !== logs ? (
          <Ring empty="" withLogs={areShort} />
        ) : (
          <Ledger />
        )}
      </div>
      {ask !== undefined && (
        <AskTheClass
          ask={ask}
          counts={counts[step] ?? []}
          bars={bars}
          revealed={phase !== 'asking'}
          right={phase === 'told' ? session.store.getState().right : undefined}
          onCount={count}
          onReveal={() => session.predict(-1)}
        />
      )}
      <p className="present-keys">
        {[
          present().keys,
          ...(hasLive ? [present().keyRoom] : []),
          ...(ask === undefined ? [] : [present().keysAsking]),
          present().keyLanguage,
          present().leaves,
        ].join(' · ')}
        <span>{learn().stepOf(step, session.taskNumber)}</span>
      </p>
    </main>
  )
}

/** From the last row, what is broken in such a run would look like Raft's fault. */
function Modified() {
  const { run } = useLabSession()
  useLab(state => state.current)
  const off = run.modified ?? run.setup.off.map(id => spokenRule(ruleOf(id)).name)
  if (off.length === 0) return null
  return (
    <p className="present-modified">
      <strong>{labWords().modifiedRaft}</strong>
      {labWords().off(off.join(', '))}
    </p>
  )
}
