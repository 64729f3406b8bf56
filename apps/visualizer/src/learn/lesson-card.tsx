/** Beside the picture: the question with its answers, what came of the prediction, and the closing task. */

import type { Question } from '@flotilla/simulator/lessons'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { learn } from '../words/learn.ts'
import type { LessonSession } from './lesson-session.ts'
import './lesson-card.css'

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
      <section className="card ask-card" aria-label={learn().prediction}>
        <p className="ask-watch">
          {learn().youExpect} <strong>{ask.options[predicted]?.text}</strong>
        </p>
        <p className="ask-note">{learn().runDecides}</p>
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
    <form className="card ask-card" aria-label={learn().prediction} onSubmit={submit}>
      <fieldset>
        <legend>{learn().whatDoYouExpect}</legend>
        {ask.options.map((option, i) => (
          <label key={option.text} className={chosen === i ? 'on' : ''}>
            <input type="radio" name="prediction" checked={chosen === i} onChange={() => setChosen(i)} />
            <span>{option.text}</span>
          </label>
        ))}
      </fieldset>
      <div className="ask-foot">
        <small>{learn().runDecides}</small>
        <button type="submit" className="button primary" disabled={chosen === undefined}>
          {learn().reveal}
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
    <section className="card ask-card" aria-label={learn().outcome} ref={card}>
      <h2 className={isRight ? 'verdict-right' : 'verdict-wrong'}>
        <span role="status">{isRight ? learn().right : learn().wrong}</span>
      </h2>
      <ul className="verdicts">
        {ask.options.map((option, i) => (
          <li key={option.text} className={[i === right ? 'right' : '', i === predicted ? 'mine' : ''].join(' ')}>
            <p>
              <Sign right={i === right} />
              <span>{option.text}</span>
              {i === predicted && <small>{learn().yours}</small>}
            </p>
            {(i === right || i === predicted) && <p className="because">{option.because}</p>}
          </li>
        ))}
      </ul>
      <button type="button" className="button small" onClick={props.onAgain}>
        {learn().askAgain}
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
  const words = learn()
  if (phase === 'done')
    return (
      <section className="card ask-card" aria-label={words.task}>
        <h2 className="verdict-right">
          <span role="status">{shown ? words.shown : words.didIt}</span>
        </h2>
        <p>{check.task}</p>
        <button type="button" className="button small" onClick={() => session.goTo(session.taskNumber)}>
          {words.onceMore}
        </button>
      </section>
    )
  return (
    <section className="card ask-card" aria-label={words.task}>
      <h2>{words.yourTurn}</h2>
      <p>{words.howTo}</p>
      {hinted && <p className="because">{check.hint}</p>}
      <div className="ask-buttons">
        {!hinted && (
          <button type="button" className="button small" onClick={() => session.hint()}>
            {words.hint}
          </button>
        )}
        {hinted && (
          <button type="button" className="button small" onClick={() => session.showSolution()}>
            {words.showMe}
          </button>
        )}
        <button type="button" className="button small" onClick={() => session.goTo(session.taskNumber)}>
          {words.fromBeginning}
        </button>
      </div>
    </section>
  )
}
