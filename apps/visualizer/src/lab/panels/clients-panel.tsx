/**
 * What clients asked for and were told: each as an interval, with its place in an order that explains all answers; or the
 * few of them that no order explains, and why.
 */
import { type ClientOperation, explainHistory, keyName } from '@flotilla/simulator/lab'
import { useMemo, useState } from 'react'
import { lab } from '../../words/lab.ts'
import { useLab, useLabSession } from '../lab-context.ts'
import './clients-panel.css'

const none: readonly ClientOperation[] = []
/** As many as are looked at together; the earlier ones come when asked for. */
const IN_SIGHT = 24

export function ClientsPanel() {
  const session = useLabSession()
  const operations = useLab(state => session.run.steps[state.step]?.operations ?? none)
  const step = useLab(state => state.step)
  const [all, setAll] = useState(false)
  const at = (index: number) => session.run.steps[index]?.at ?? 0
  const explained = useMemo(
    () => explainHistory(operations.filter(({ outcome }) => outcome !== 'failed')),
    [operations],
  )
  const words = lab().clients
  const core = explained.kind === 'none' ? explained.core : none
  const shown = all || operations.length <= IN_SIGHT ? operations : inSight(operations, core)
  const first = Math.min(...shown.map(({ invokedIn }) => at(invokedIn)))
  const now = at(step)
  const span = Math.max(1, now - first)
  const left = (time: number) => `${Math.min(100, Math.max(0, ((time - first) / span) * 100)).toFixed(2)}%`
  const order = useMemo(() => {
    if (explained.kind !== 'order') return new Map<number, { readonly place: number; readonly at: number }>()
    const time = new Map<number, number>()
    for (const { invoked, invokedIn, returned, returnedIn } of operations) {
      time.set(invoked, session.run.steps[invokedIn]?.at ?? 0)
      if (returnedIn !== undefined) time.set(returned, session.run.steps[returnedIn]?.at ?? 0)
    }
    const moments = explained.places.map(({ operation, from, to }, i, all) => {
      // Those that share their span stand in it side by side.
      const shares = (other: (typeof all)[number]) => other.from === from && other.to === to
      const before = i - all.findIndex(shares)
      const together = all.filter(shares).length
      const earliest = time.get(from) ?? 0
      const latest = time.get(to) ?? earliest
      return { operation, at: earliest + ((latest - earliest) * (before + 1)) / (together + 1) }
    })
    moments.sort((a, b) => a.at - b.at)
    return new Map(moments.map(({ operation, at }, i) => [operation.number, { place: i + 1, at }]))
  }, [explained, operations, session])
  return (
    <article>
      <h2>{operations.length === 0 ? words.none : words.some}</h2>
      {operations.length === 0 ? (
        <p className="panel-note">{words.howTo}</p>
      ) : (
        <p className={explained.kind === 'none' ? 'verdict broken' : 'verdict'} role="status">
          {explained.kind === 'none' ? words.noOrder : explained.kind === 'order' ? words.order : words.unknown}
        </p>
      )}
      {explained.kind === 'none' && (
        <ul className="proof">
          {explained.before.map(([a, b]) => (
            <li key={`${a.number} ${b.number}`}>{words.before(toldOf(a), toldOf(b))}</li>
          ))}
          <li>{words.therefore(core.filter(({ kind }) => kind === 'read').map(toldOf))}</li>
        </ul>
      )}
      {shown.length < operations.length && (
        <button type="button" className="button small" onClick={() => setAll(true)}>
          {words.all(operations.length)}
        </button>
      )}
      <ol className="operations">
        {shown.map(operation => {
          const { number, outcome, invokedIn, returnedIn } = operation
          const effect = order.get(number)
          const end = returnedIn === undefined ? now : at(returnedIn)
          const isCore = core.includes(operation)
          return (
            <li key={number} className={isCore ? `${outcome} core` : outcome}>
              <button type="button" onClick={() => session.goTo(returnedIn ?? invokedIn)}>
                <b title={effect && words.place(effect.place)}>{effect?.place ?? (isCore ? '!' : '–')}</b>
                <span>{toldOf(operation)}</span>
                <small>{words.outcomes[outcome]}</small>
              </button>
              <div className="interval-lane" aria-hidden="true">
                <i style={{ left: left(at(invokedIn)), right: `calc(100% - ${left(end)})` }} />
                {effect && <b style={{ left: left(effect.at) }} />}
              </div>
            </li>
          )
        })}
      </ol>
    </article>
  )
}

/** The latest, and whatever belongs to the proof. */
function inSight(operations: readonly ClientOperation[], core: readonly ClientOperation[]): readonly ClientOperation[] {
  return operations.filter((operation, i) => i >= operations.length - IN_SIGHT || core.includes(operation))
}

function toldOf({ kind, key, value, node, outcome }: ClientOperation): string {
  const words = lab().clients
  if (kind === 'write') return words.wrote(keyName(key), value, node)
  return outcome === 'done' ? words.read(keyName(key), value, node) : words.asks(keyName(key), node)
}
