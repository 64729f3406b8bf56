/** Each property with how often it was checked up to the cursor, and the event that broke it. */
import { propertyNames } from '@flotilla/simulator/lab'
import type { Verdict } from '@flotilla/trace'
import { lab } from '../../words/lab.ts'
import { phrase } from '../../words/phrase.ts'
import { why } from '../../words/why.ts'
import { useLab, useLabSession } from '../lab-context.ts'
import type { LabSession } from '../session.ts'
import './properties-panel.css'

interface Broken {
  readonly property: string
  readonly detail: string
  readonly step: number
}

export function brokenUpTo(session: LabSession, step: number): readonly Broken[] {
  const { steps } = session.run
  const { landmarks } = session.history
  const found: Broken[] = []
  for (const mark of landmarks) {
    if (mark.kind !== 'violation' || mark.step > step) continue
    for (const { property, detail } of steps[mark.step]?.violations ?? []) {
      if (!found.some(other => other.property === property)) found.push({ property, detail, step: mark.step })
    }
  }
  return found
}

export function PropertiesPanel() {
  const session = useLabSession()
  useLab(state => state.current)
  const { verdicts } = session.run
  return verdicts === undefined ? <OwnRun /> : <Recording verdicts={verdicts} />
}

/** Judged as a whole: what a trace alone can decide, and whether it told enough to decide it. */
function Recording({ verdicts }: { readonly verdicts: readonly Verdict[] }) {
  const session = useLabSession()
  const broken = verdicts.filter(({ violations }) => violations.length > 0).length
  const words = lab().properties
  const go = (event: number) => {
    session.pause()
    session.goTo(event + 1)
    session.ask(event + 1)
  }
  return (
    <article>
      <h2>{broken === 0 ? words.traceHolds : words.someBroken(broken)}</h2>
      <ul className="properties">
        {verdicts.map(({ property, section, checks, violations }) => (
          <li key={property} className={violations.length > 0 ? 'broken' : checks === 0 ? 'unseen' : ''}>
            <i aria-hidden="true" />
            <span>
              {phrase(property)} <small>{why().section(section)}</small>
            </span>
            <small>{checks === 0 ? words.notTold : words.checks(checks)}</small>
            {violations.map(({ detail, events }) => (
              <p key={`${detail} ${events.join()}`}>
                {phrase(detail)}{' '}
                {events.map(event => (
                  <button key={event} type="button" className="why-button" onClick={() => go(event)}>
                    {words.event(event + 1)}
                  </button>
                ))}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </article>
  )
}

function OwnRun() {
  const session = useLabSession()
  const step = useLab(state => state.step)
  const checks = session.run.steps[step]?.checks
  const broken = brokenUpTo(session, step)
  const words = lab().properties
  return (
    <article>
      <h2>{broken.length === 0 ? words.allHold : words.someBroken(broken.length)}</h2>
      <ul className="properties">
        {propertyNames.map((name, i) => {
          const breach = broken.find(({ property }) => property === name)
          return (
            <li key={name} className={breach ? 'broken' : (checks?.[i] ?? 0) === 0 ? 'unseen' : ''}>
              <i aria-hidden="true" />
              <span>
                {phrase(name)}
                <span className="visually-hidden">{breach ? words.broken : words.holds}</span>
              </span>
              {breach ? (
                <button
                  type="button"
                  className="button small"
                  onClick={() => {
                    session.goTo(breach.step)
                    session.ask(breach.step)
                  }}
                >
                  {words.goThere}
                </button>
              ) : (
                <small>{words.checks(checks?.[i] ?? 0)}</small>
              )}
              {breach && <p>{phrase(breach.detail.split('\n')[0] ?? '')}</p>}
            </li>
          )
        })}
      </ul>
    </article>
  )
}
