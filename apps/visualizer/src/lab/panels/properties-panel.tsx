/** Each property with how often it was checked up to the cursor, and the event that broke it. */
import { propertyNames } from '@flotilla/simulator/lab'
import { useLab, useLabSession } from '../lab-context.ts'
import type { LabSession } from '../session.ts'

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
  const step = useLab(state => state.step)
  const checks = session.run.steps[step]?.checks
  const broken = brokenUpTo(session, step)
  return (
    <article>
      <h3>{broken.length === 0 ? 'Every property holds' : `${broken.length} of them broken`}</h3>
      <ul className="properties">
        {propertyNames.map((name, i) => {
          const breach = broken.find(({ property }) => property === name)
          return (
            <li key={name} className={breach ? 'broken' : (checks?.[i] ?? 0) === 0 ? 'unseen' : ''}>
              <i aria-hidden="true" />
              <span>
                {name}
                <span className="visually-hidden">{breach ? ': broken' : ': holds'}</span>
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
                  Go there
                </button>
              ) : (
                <small>{(checks?.[i] ?? 0).toLocaleString('en')} checks</small>
              )}
              {breach && <p>{breach.detail.split('\n')[0]}</p>}
            </li>
          )
        })}
      </ul>
    </article>
  )
}
