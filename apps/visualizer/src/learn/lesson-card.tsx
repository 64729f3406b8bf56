/** Beside the picture: the question with its answers, what came of the prediction, and the closing task. */

import type { Question } from '@flotilla/simulator/lessons'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { LessonSession } from './lesson-session.ts'

export function LessonCard({ session }: { readonly session: LessonSession }) {
  const { step, phase, predictions, right } = useStore(session.store)
  const ask = session.lesson.steps[step - 1]?.ask
  if (phase === 'task' || phase === 'done') return <Task session={session} />
  if (ask === undefined) return null
  if (phase === 'asking') return <Ask key={step} ask={ask} onPredict={option => session.predict(option)} />
  const predicted = predictions[step]
  if (predicted === undefined) return null
  if (phase === 'watching')
    return (
      <section className="card ask-card" aria-label="Your prediction">
        <p className="ask-watch">
          You expect: <strong>{ask.options[predicted]?.text}</strong>
        </p>
        <p className="ask-note">Your prediction decides nothing. The run does.</p>
      </section>
    )
  return <Verdict ask={ask} predicted={predicted} right={right} onAgain={() => session.askAgain()} />
}

function Ask({ ask, onPredict }: { readonly ask: Question; onPredict(option: number): void }) {
  const [chosen, setChosen] = useState<number | undefined>(undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen !== undefined) onPredict(chosen)
  }
  return (
    <form className="card ask-card" aria-label="Your prediction" onSubmit={submit}>
      <fieldset>
        <legend>What do you expect?</legend>
        {ask.options.map((option, i) => (
          <label key={option.text} className={chosen === i ? 'on' : ''}>
            <input type="radio" name="prediction" checked={chosen === i} onChange={() => setChosen(i)} />
            <span>{option.text}</span>
          </label>
        ))}
      </fieldset>
      <div className="ask-foot">
        <small>Your prediction decides nothing. The run does.</small>
        <button type="submit" className="button primary" disabled={chosen === undefined}>
          Reveal
        </button>
      </div>
    </form>
  )
}

function Verdict(props: {
  readonly ask: Question
  readonly predicted: number
  readonly right: number | undefined
  onAgain(): void
}) {
  const { ask, predicted, right } = props
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    card.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const isRight = predicted === right
  return (
    <section className="card ask-card" aria-label="What came of it" ref={card}>
      <h2 className={isRight ? 'verdict-right' : 'verdict-wrong'}>
        <span role="status">{isRight ? 'You were right.' : 'It went another way.'}</span>
      </h2>
      <ul className="verdicts">
        {ask.options.map((option, i) => (
          <li key={option.text} className={[i === right ? 'right' : '', i === predicted ? 'mine' : ''].join(' ')}>
            <p>
              <Sign right={i === right} />
              <span>{option.text}</span>
              {i === predicted && <small>yours</small>}
            </p>
            {(i === right || i === predicted) && <p className="because">{option.because}</p>}
          </li>
        ))}
      </ul>
      <button type="button" className="button small" onClick={props.onAgain}>
        Ask me again
      </button>
    </section>
  )
}

function Sign({ right }: { readonly right: boolean }) {
  return (
    <svg className="mark" viewBox="-9 -9 18 18" aria-hidden="true">
      <path d={right ? 'M -6 1 L -2 5 L 6 -5' : 'M -3 0 H 3'} fill="none" stroke="currentColor" strokeWidth="2.4" />
    </svg>
  )
}

function Task({ session }: { readonly session: LessonSession }) {
  const { phase, hinted, shown } = useStore(session.store)
  const { check } = session.lesson
  if (phase === 'done')
    return (
      <section className="card ask-card" aria-label="The task">
        <h2 className="verdict-right">
          <span role="status">{shown ? 'That is one way to do it.' : 'You did it.'}</span>
        </h2>
        <p>{check.task}</p>
        <button type="button" className="button small" onClick={() => session.goTo(session.taskNumber)}>
          Do it once more
        </button>
      </section>
    )
  return (
    <section className="card ask-card" aria-label="The task">
      <h2>Your turn</h2>
      <p>Do it with the tools below, in the ring, or by keys. It is judged by what the run then is.</p>
      {hinted && <p className="because">{check.hint}</p>}
      <div className="ask-buttons">
        {!hinted && (
          <button type="button" className="button small" onClick={() => session.hint()}>
            A hint
          </button>
        )}
        {hinted && (
          <button type="button" className="button small" onClick={() => session.showSolution()}>
            Show me
          </button>
        )}
        <button type="button" className="button small" onClick={() => session.goTo(session.taskNumber)}>
          From its beginning
        </button>
      </div>
    </section>
  )
}
