/** Whether every property holds, at a glance; and that this is not Raft any more, if rules are off. */
import { ruleOf } from '@flotilla/simulator/lab'
import { useLab, useLabSession } from './lab-context.ts'
import { brokenUpTo } from './panels/properties-panel.tsx'

export function Lights() {
  const session = useLabSession()
  const step = useLab(state => state.step)
  useLab(state => state.current)
  const { run } = session
  const off = run.modified ?? run.setup.off.map(id => ruleOf(id).name)
  const broken = brokenUpTo(session, step)
  const checks =
    run.verdicts?.reduce((sum, verdict) => sum + verdict.checks, 0) ??
    run.steps[step]?.checks.reduce((sum, count) => sum + count, 0) ??
    0
  return (
    <>
      {off.length > 0 && (
        <button
          type="button"
          className="modified"
          title={`Off: ${off.join(', ')}`}
          onClick={() => session.show('rules')}
        >
          modified Raft
        </button>
      )}
      <button
        type="button"
        className={broken.length > 0 ? 'lab-lights broken' : 'lab-lights'}
        onClick={() => session.show('properties')}
      >
        <span className="dots" aria-hidden="true">
          {[0, 1, 2, 3, 4].map(i => (
            <i key={i} className={i < broken.length ? 'broken' : ''} />
          ))}
        </span>
        <span className="lights-words">
          {broken.length > 0
            ? `${broken[0]?.property} is broken${broken.length > 1 ? ` · ${broken.length - 1} more` : ''}`
            : `all properties hold · ${checks.toLocaleString('en')} checks`}
        </span>
      </button>
    </>
  )
}
