/** The question for a whole room: letters, how many chose each, and bars that stay while the run answers. */
import type { Question } from '@flotilla/simulator/lessons'
import { present } from '../words/present.ts'
import '../learn/lesson-card.css'
import './ask-the-class.css'

interface AskTheClassProps {
  readonly ask: Question
  readonly counts: readonly number[]
  readonly bars: boolean
  readonly revealed: boolean
  /** Which came true, once it has. */
  readonly right: number | undefined
  onCount(option: number, by: number): void
  onReveal(): void
}

export function AskTheClass(props: AskTheClassProps) {
  const { ask, counts, bars, revealed, right } = props
  const here = counts.reduce((sum, count) => sum + count, 0)
  return (
    <section className="class-card" aria-label={present().askTheClass}>
      <h2>{ask.question}</h2>
      <ol>
        {ask.options.map((option, i) => {
          const count = counts[i] ?? 0
          const letter = 'ABCD'[i] ?? ''
          return (
            <li key={option.text} className={i === right ? 'right' : ''}>
              <b>{i === right ? '✓' : letter}</b>
              <span>{option.text}</span>
              <input
                type="number"
                min={0}
                max={9999}
                aria-label={present().howMany(letter)}
                value={count}
                onChange={event => props.onCount(i, Math.round(Number(event.target.value) || 0) - count)}
              />
              {bars && here > 0 && (
                <i className="bar" aria-hidden="true">
                  <i style={{ width: here === 0 ? 0 : `${(count / here) * 100}%` }} />
                </i>
              )}
            </li>
          )
        })}
      </ol>
      {right !== undefined && <p className="because">{ask.options[right]?.because}</p>}
      <p className="class-foot">
        <span role="status">{here > 0 && right === undefined && present().answers(here)}</span>
        {!revealed && (
          <button type="button" className="button primary" onClick={props.onReveal}>
            {present().reveal}
          </button>
        )}
      </p>
    </section>
  )
}
