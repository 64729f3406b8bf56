/** What clients asked for and were told: each as an interval, and whether one order explains them all. */
import { type ClientOperation, keyName } from '@flotilla/simulator/lab'
import { lab } from '../../words/lab.ts'
import { phrase } from '../../words/phrase.ts'
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
  const words = lab().clients
  const left = (time: number) => `${Math.min(100, Math.max(0, ((time - first) / span) * 100))}%`
  return (
    <article>
      <h2>{operations.length === 0 ? words.none : words.some}</h2>
      {operations.length === 0 && <p className="panel-note">{words.howTo}</p>}
      <ol className="operations">
        {operations.map(operation => {
          const end = operation.returnedIn === undefined ? now : at(operation.returnedIn)
          return (
            <li key={operation.number} className={operation.outcome}>
              <button type="button" onClick={() => session.goTo(operation.returnedIn ?? operation.invokedIn)}>
                <span>{toldOf(operation)}</span>
                <small>{words.outcomes[operation.outcome]}</small>
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
          {broken ? words.noOrder(phrase(broken.detail)) : words.order}
        </p>
      )}
    </article>
  )
}

function toldOf({ kind, key, value, node, outcome }: ClientOperation): string {
  const words = lab().clients
  if (kind === 'write') return words.wrote(keyName(key), value, node)
  return outcome === 'done' ? words.read(keyName(key), value, node) : words.asks(keyName(key), node)
}
