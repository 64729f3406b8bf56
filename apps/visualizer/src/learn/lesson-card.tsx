/** Beside the picture: the question with its answers, what came of the prediction, and the closing task. */

import type { Question } from '@flotilla/simulator/lessons'
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { learn } from '../words/learn.ts'
import type { LessonSession } from './lesson-session.ts'
import './lesson-card.css'

export function LessonCard({ session }: { readonly session: LessonSession }) {
  const { step, phase, predictions, right, hinted } = useStore(session.store)
  const predicted = predictions[step]
  const goesOn = useGoesOn(`${step} ${phase} ${hinted} ${predicted}`)
  const ask = session.lesson.steps[step - 1]?.ask
  if (phase === 'task' || phase === 'done') return <Task session={session} goesOn={goesOn} />
  if (ask === undefined) return null
  if (phase === 'asking')
    return <Ask key={step} ask={ask} goesOn={goesOn} onPredict={option => session.predict(option)} />
  if (predicted === undefined) return null
  if (phase === 'watching')
    return (
      <section className="card ask-card" aria-label={learn().prediction} tabIndex={-1} ref={goesOn}>
        <p className="ask-watch">
          {learn().youExpect} <strong>{ask.options[predicted]?.text}</strong>
        </p>
        <p className="ask-note">{learn().runDecides}</p>
      </section>
    )
  return <Verdict ask={ask} predicted={predicted} right={right} goesOn={goesOn} onAgain={() => session.askAgain()} />
}

/** Where the reading goes on in a card. */
type GoesOn = (element: HTMLElement | null) => void

/**
 * Many a button goes away, or cannot be pressed again, with what it does. Whoever goes by keyboard would begin at the top of the
 * page then: the focus is moved to where the reading goes on. Nobody else's is moved, and none at all when the page opens.
 *
 * @param turn changes with what the card says
 */
function useGoesOn(turn: string): GoesOn {
  const place = useRef<HTMLElement | null>(null)
  const last = useRef<EventTarget | null>(null)
  useEffect(() => {
    const remember = ({ target }: FocusEvent): void => {
      last.current = target
    }
    document.addEventListener('focusin', remember)
    return () => document.removeEventListener('focusin', remember)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at when the card says something else
  useEffect(() => {
    const { current: before } = last
    if (!(before instanceof Element) || (before.isConnected && !before.matches(':disabled'))) return
    const { activeElement } = document
    if (activeElement !== before && activeElement !== document.body) return
    place.current?.focus({ preventScroll: true })
  }, [turn])
  return useCallback(element => {
    if (element !== null) place.current = element
  }, [])
}

function Ask(props: { readonly ask: Question; readonly goesOn: GoesOn; onPredict(option: number): void }) {
  const { ask, onPredict } = props
  const [chosen, setChosen] = useState<number | undefined>(undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen !== undefined) onPredict(chosen)
  }
  return (
    <form className="card ask-card" aria-label={learn().prediction} onSubmit={submit} tabIndex={-1} ref={props.goesOn}>
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
  readonly goesOn: GoesOn
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
      <h2 className={isRight ? 'verdict-right' : 'verdict-wrong'} tabIndex={-1} ref={props.goesOn}>
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

function Task({ session, goesOn }: { readonly session: LessonSession; readonly goesOn: GoesOn }) {
  const { phase, hinted, shown } = useStore(session.store)
  const { check } = session.lesson
  const words = learn()
  if (phase === 'done')
    return (
      <section className="card ask-card" aria-label={words.task}>
        <h2 className="verdict-right" tabIndex={-1} ref={goesOn}>
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
      <h2 tabIndex={-1} ref={hinted ? undefined : goesOn}>
        {words.yourTurn}
      </h2>
      <p>{words.howTo}</p>
      {hinted && (
        <p className="because" tabIndex={-1} ref={goesOn}>
          {check.hint}
        </p>
      )}
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
