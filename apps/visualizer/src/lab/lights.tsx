/** Whether every property holds, at a glance; and that this is not Raft any more, if rules are off. */
import { ruleOf } from '@flotilla/simulator/lab'
import { lab } from '../words/lab.ts'
import { phrase } from '../words/phrase.ts'
import { useLab, useLabSession } from './lab-context.ts'
import { brokenUpTo } from './panels/properties-panel.tsx'
import { spokenRule } from './spoken-rules.ts'
import './lights.css'

export function Lights() {
  const session = useLabSession()
  const step = useLab(state => state.step)
  useLab(state => state.current)
  const { run } = session
  const off = run.modified ?? run.setup.off.map(id => spokenRule(ruleOf(id)).name)
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
          title={lab().off(off.join(', '))}
          onClick={() => session.show('rules')}
        >
          {lab().modifiedRaft}
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
            ? [
                lab().broken(phrase(broken[0]?.property ?? '')),
                ...(broken.length > 1 ? [lab().andMore(broken.length - 1)] : []),
              ].join(' · ')
            : lab().allHold(checks)}
        </span>
      </button>
    </>
  )
}
