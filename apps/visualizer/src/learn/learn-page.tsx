/** All lessons, how far one has come in each, and the way in for lessons of one's own. */
import { lessons } from '@flotilla/simulator/lessons'
import { type ChangeEvent, useState } from 'react'
import { Brand, DoorsNav } from '../doors/doors-nav.tsx'
import { ThemeButton } from '../doors/theme-button.tsx'
import { useTitle } from '../doors/use-title.ts'
import { openLesson } from './own-lessons.ts'
import { useProgress } from './progress.ts'
import './learn.css'

export default function LearnPage() {
  useTitle('Learn · Flotilla')
  const progress = useProgress(state => state.lessons)
  const forget = useProgress(state => state.forget)
  const done = lessons.filter(({ id }) => progress[id]?.done).length
  return (
    <div className="learn-page">
      <header className="header">
        <Brand />
        <DoorsNav here="learn" />
        <span className="header-right">
          <ThemeButton />
        </span>
      </header>
      <main className="learn">
        <h1>Sixteen lessons</h1>
        <p className="learn-lead">
          You say what will happen, and the run shows whether you were right. Every one is played by the real thing: no
          picture here was drawn by hand.
        </p>
        <ol className="lesson-list">
          {lessons.map((lesson, i) => {
            const known = progress[lesson.id]
            const state = known?.done ? 'done' : known && known.step > 0 ? 'begun' : 'new'
            const step = state === 'begun' ? (known?.step ?? 0) : 0
            return (
              <li key={lesson.id} className={state}>
                <a href={`#/learn/${lesson.id}/${step}`}>
                  <span className="lesson-number">{i + 1}</span>
                  <span className="lesson-words">
                    <strong>{lesson.title}</strong>
                    <span>{lesson.goal}</span>
                  </span>
                  <span className="lesson-state">
                    {state === 'done' ? 'done' : state === 'begun' ? `step ${step}` : lesson.section}
                  </span>
                </a>
              </li>
            )
          })}
        </ol>
        <OwnLesson />
        {(done > 0 || Object.keys(progress).length > 0) && (
          <p className="learn-foot">
            {done} of {lessons.length} done.{' '}
            <button type="button" className="why-button" onClick={forget}>
              Forget my progress
            </button>
          </p>
        )}
      </main>
    </div>
  )
}

/** Larger files are no lessons. */
const MOST_BYTES = 1 << 20

function OwnLesson() {
  const [refused, setRefused] = useState<string | undefined>(undefined)
  const open = async (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.target
    const file = input.files?.[0]
    if (file === undefined) return
    setRefused(undefined)
    if (file.size > MOST_BYTES) setRefused(`${file.name} is too large to be a lesson.`)
    else {
      const result = await openLesson(await file.text())
      if (result.kind === 'opened') location.hash = `#/learn/${result.id}/0`
      else setRefused(`${file.name} is no lesson that can be played. ${result.reason}`)
    }
    // The same file may be chosen again, after it was mended.
    input.value = ''
  }
  return (
    <section className="own-lesson" aria-label="A lesson of your own">
      <h2>A lesson of your own</h2>
      <p>A lesson is one text file. It is checked and played through before anybody learns from it.</p>
      <label className="button">
        Open a lesson
        <input type="file" accept=".json,application/json" className="visually-hidden" onChange={open} />
      </label>
      {refused !== undefined && (
        <p className="own-refused" role="alert">
          {refused}
        </p>
      )}
    </section>
  )
}
