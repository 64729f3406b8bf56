/** Which run is looked at: forks are kept beside what they were forked from. */

import { lab } from '../words/lab.ts'
import { useLab, useLabSession } from './lab-context.ts'
import './run-picker.css'

export function RunPicker() {
  const session = useLabSession()
  const runs = useLab(state => state.runs)
  const current = useLab(state => state.current)
  const beside = useLab(state => state.beside)
  const kept = runs.find(({ id }) => id === current)
  if (runs.length === 1)
    return <strong>{kept?.history.run.title ?? lab().nodes(kept?.history.run.setup.nodes ?? 0)}</strong>
  const nameOf = (id: number | undefined) => runs.find(run => run.id === id)?.name
  return (
    <>
      <label className="run-picker">
        <span className="visually-hidden">{lab().run}</span>
        <select
          className="field small"
          value={current}
          onChange={event => session.switchTo(Number(event.target.value))}
        >
          {runs.map(run => (
            <option key={run.id} value={run.id}>
              {run.name}
              {run.parent === undefined
                ? ''
                : `, ${lab().forkOf(nameOf(run.parent.id) ?? lab().anEarlierRun, run.parent.step)}`}
              {run.history.run.setup.off.length > 0 ? ` ${lab().modified}` : ''}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="button small compare-button"
        aria-pressed={beside !== undefined}
        onClick={() => session.toggleComparison()}
      >
        {lab().compare}
      </button>
    </>
  )
}
