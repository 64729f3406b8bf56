/** All lessons, how far one has come in each, and the way in for lessons of one's own. */
import { type ChangeEvent, useState } from 'react'
import { Brand, DoorsNav } from '../doors/doors-nav.tsx'
import { LanguageButton } from '../doors/language-button.tsx'
import { ThemeButton } from '../doors/theme-button.tsx'
import { useTitle } from '../doors/use-title.ts'
import { doors } from '../words/doors.ts'
import { learn } from '../words/learn.ts'
import { openLesson } from './own-lessons.ts'
import { useProgress } from './progress.ts'
import { spokenLessons } from './spoken-lessons.ts'
import './learn.css'

export default function LearnPage() {
  const words = learn()
  const lessons = spokenLessons()
  useTitle(doors().titled(words.title))
  const progress = useProgress(state => state.lessons)
  const forget = useProgress(state => state.forget)
  const done = lessons.filter(({ id }) => progress[id]?.done).length
  return (
    <div className="learn-page">
      <header className="header">
        <Brand />
        <DoorsNav here="learn" />
        <span className="header-right">
          <LanguageButton />
          <ThemeButton />
        </span>
      </header>
      <main className="learn">
        <h1>{words.heading}</h1>
        <p className="learn-lead">{words.lead}</p>
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
                    {state === 'done'
                      ? words.done
                      : state === 'begun'
                        ? words.atStep(step)
                        : words.section(lesson.section)}
                  </span>
                </a>
              </li>
            )
          })}
        </ol>
        <OwnLesson />
        {(done > 0 || Object.keys(progress).length > 0) && (
          <p className="learn-foot">
            {words.doneOf(done, lessons.length)}{' '}
            <button type="button" className="why-button" onClick={forget}>
              {words.forget}
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
  const words = learn().own
  const [refused, setRefused] = useState<string | undefined>(undefined)
  const open = async (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.target
    const file = input.files?.[0]
    if (file === undefined) return
    setRefused(undefined)
    if (file.size > MOST_BYTES) setRefused(words.tooLarge(file.name))
    else {
      const result = await openLesson(await file.text())
      if (result.kind === 'opened') location.hash = `#/learn/${result.id}/0`
      else setRefused(words.refused(file.name, result.reason))
    }
    // The same file may be chosen again, after it was mended.
    input.value = ''
  }
  return (
    <section className="own-lesson" aria-label={words.title}>
      <h2>{words.title}</h2>
      <p>{words.about}</p>
      <label className="button">
        {words.open}
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
