/** Why the event at the cursor happened: the values compared, the rule, and the causes back to the start. */
import { useState } from 'react'
import { CROSS, MESSAGE_SHAPES } from '../../ring/shapes.tsx'
import { termStyle } from '../../style/term-colour.ts'
import { lab } from '../../words/lab.ts'
import { why } from '../../words/why.ts'
import { useLab, useLabSession } from '../lab-context.ts'
import { explain } from '../why/explain.ts'
import type { CauseLink, Comparison } from '../why/explanation.ts'
import './why-panel.css'

/** As many causes as are read at once; the others come when asked for. */
const FIRST_CAUSES = 8

export function WhyPanel() {
  const session = useLabSession()
  useLab(state => state.current)
  const at = useLab(state => state.asked ?? session.history.sentence(state.step)?.step ?? state.step)
  const [all, setAll] = useState(false)
  const explanation = explain(session.history, at)
  if (explanation === undefined) return null
  const { question, comparison, rule, section, causes } = explanation
  const shown = all ? causes : causes.slice(0, FIRST_CAUSES)
  return (
    <article className="why">
      <h2>{question}</h2>
      {comparison && <Values comparison={comparison} />}
      <p className="why-rule">
        {rule} {section !== '' && <Section section={section} />}
      </p>
      <h3>{lab().whyPanel.causes}</h3>
      <ol className="causes">
        {shown.map((cause, i) => (
          <li key={cause.step}>
            <button
              type="button"
              aria-current={i === 0}
              onClick={() => {
                session.goTo(cause.step)
                session.ask(cause.step)
              }}
            >
              <CauseSign sign={cause.sign} />
              <span>{cause.text}</span>
              <time>{lab().transport.ms(Math.round(cause.at))}</time>
            </button>
          </li>
        ))}
      </ol>
      {causes.length > shown.length && (
        <button type="button" className="button small" onClick={() => setAll(true)}>
          {lab().whyPanel.more(causes.length - shown.length)}
        </button>
      )}
    </article>
  )
}

function Values({ comparison }: { readonly comparison: Comparison }) {
  return (
    <table className="values">
      <thead>
        <tr>
          <td />
          <th scope="col">{comparison.left}</th>
          <td />
          <th scope="col">{comparison.right}</th>
        </tr>
      </thead>
      <tbody>
        {comparison.rows.map(row => (
          <tr key={row.what} className={row.decides ? 'decides' : ''}>
            <th scope="row">
              {row.what}{' '}
              <small>{row.decides ? lab().whyPanel.decides : row.sign === '' ? lab().whyPanel.notCompared : ''}</small>
            </th>
            <td>
              <Value text={row.left} term={row.terms === true} />
            </td>
            <td className="sign">{row.sign}</td>
            <td>
              <Value text={row.right} term={row.terms === true} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Value({ text, term }: { readonly text: string; readonly term: boolean }) {
  if (!term) return text
  return (
    <span className="term-chip outlined" style={termStyle(Number(text))}>
      {text}
    </span>
  )
}

/** The two papers are named, not loaded: the page asks nobody for anything. */
function Section({ section }: { readonly section: string }) {
  const dissertation = section.startsWith('dissertation')
  const href = dissertation ? 'https://github.com/ongardie/dissertation' : 'https://raft.github.io/raft.pdf'
  return (
    <a className="section" href={href} target="_blank" rel="noreferrer">
      {why().section(section)}
    </a>
  )
}

function CauseSign({ sign }: { readonly sign: CauseLink['sign'] }) {
  return (
    <svg className="mark" viewBox="-9 -9 18 18" aria-hidden="true">
      {sign === 'message' && <path d={MESSAGE_SHAPES.vote} className="message-question" />}
      {sign === 'answer' && <path d={MESSAGE_SHAPES.vote} className="message-answer" />}
      {sign === 'timer' && (
        <path d="M 0 -6 A 6 6 0 1 1 -6 0" fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
      )}
      {sign === 'disk' && (
        <path d="M -6 -6 H 6 V 6 H -6 Z M -3 -6 V -1 H 3 V -6" fill="none" stroke="currentColor" strokeWidth="1.8" />
      )}
      {sign === 'person' && <path d={CROSS} stroke="currentColor" strokeWidth="2.2" />}
      {sign === 'start' && <circle r="4" fill="currentColor" />}
    </svg>
  )
}
