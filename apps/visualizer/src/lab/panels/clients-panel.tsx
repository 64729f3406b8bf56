/** What clients asked for and were told: each as an interval, and whether one order explains them all. */
import { type ClientOperation, keyName } from '@flotilla/simulator/lab'
import { useLab, useLabSession } from '../lab-context.ts'

const none: readonly ClientOperation[] = []

export function ClientsPanel() {
  const session = useLabSession()
  const operations = useLab(state => session.run.steps[state.step]?.operations ?? none)
  const step = useLab(state => state.step)
  const broken = session.run.steps
    .slice(0, step + 1)
    .flatMap(({ violations }) => violations)
    .find(({ property }) => property === 'Linearizability' || property === 'Linearizable Reads')
  const at = (index: number) => session.run.steps[index]?.at ?? 0
  const first = Math.min(...operations.map(({ invokedIn }) => at(invokedIn)))
  const now = at(step)
  const span = Math.max(1, now - first)
  const left = (time: number) => `${Math.min(100, Math.max(0, ((time - first) / span) * 100))}%`
  return (
    <article>
      <h2>{operations.length === 0 ? 'Nobody has asked for anything yet' : 'What clients asked, and were told'}</h2>
      {operations.length === 0 && <p className="panel-note">Write or read a value at a node, under Node.</p>}
      <ol className="operations">
        {operations.map(operation => {
          const end = operation.returnedIn === undefined ? now : at(operation.returnedIn)
          return (
            <li key={operation.number} className={operation.outcome}>
              <button type="button" onClick={() => session.goTo(operation.returnedIn ?? operation.invokedIn)}>
                <span>{toldOf(operation)}</span>
                <small>{outcomes[operation.outcome]}</small>
              </button>
              <div className="interval-lane" aria-hidden="true">
                <i style={{ left: left(at(operation.invokedIn)), right: `calc(100% - ${left(end)})` }} />
              </div>
            </li>
          )
        })}
      </ol>
      {operations.length > 0 && (
        <p className={broken ? 'verdict broken' : 'verdict'}>
          {broken
            ? `No order explains this. ${broken.detail}`
            : 'One order explains all answers: this history is linearizable.'}
        </p>
      )}
    </article>
  )
}

const outcomes = {
  pending: 'no answer yet',
  done: 'answered',
  failed: 'had no effect',
  unknown: 'fate unknown',
} as const

function toldOf({ kind, key, value, node, outcome }: ClientOperation): string {
  if (kind === 'write') return `${keyName(key)} ← ${value} at ${node}`
  return outcome === 'done'
    ? `${keyName(key)} = ${value === 0 ? 'nothing' : value} at ${node}`
    : `${keyName(key)}? at ${node}`
}
