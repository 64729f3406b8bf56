/** The rules of Raft as switches. Off, the run is another: the same moves under the other rules, and labelled so. */
import { type Rule, rules, runSetup } from '@flotilla/simulator/lab'
import { useState } from 'react'
import { useLab, useLabSession } from '../lab-context.ts'
import { RunFiles } from './run-files.tsx'

export default function RulesPanel() {
  const session = useLabSession()
  const setup = useLab(state => state.setup)
  useLab(state => state.current)
  const recorded = session.run.title !== undefined
  return (
    <article>
      <RunFiles />
      {recorded ? (
        <p className="panel-note">
          This is a recording: it can be looked at and checked, and nothing can be done to it.
        </p>
      ) : (
        <>
          <h2>{setup.off.length === 0 ? 'Raft as it is' : 'Modified Raft'}</h2>
          <p className="panel-note">
            Switch a rule off, and the same run is played again without it. This run stays as it is.
          </p>
          <ul className="rules">
            {rules.map(rule => (
              <RuleSwitch key={rule.id} rule={rule} isOff={setup.off.includes(rule.id)} />
            ))}
          </ul>
          <NewRun key={`${setup.seed} ${setup.nodes}`} />
          {setup.off.length > 0 && (
            <button type="button" className="button small" onClick={() => session.begin({ off: [] })}>
              A new run with every rule on
            </button>
          )}
        </>
      )}
    </article>
  )
}

function RuleSwitch({ rule, isOff }: { readonly rule: Rule; readonly isOff: boolean }) {
  const session = useLabSession()
  return (
    <li className={isOff ? 'rule off' : 'rule'}>
      <label>
        <input
          type="checkbox"
          role="switch"
          aria-checked={!isOff}
          checked={!isOff}
          onChange={event => void session.setRule(rule.id, !event.target.checked)}
        />
        <strong>{rule.name}</strong>
        <small>{rule.section}</small>
      </label>
      <p>{isOff ? rule.without : rule.statement}</p>
      {isOff && (
        <p className="breaks">
          {rule.breaks === undefined ? 'Breaks no safety, but stability.' : `May break ${rule.breaks}.`}
        </p>
      )}
    </li>
  )
}

function NewRun() {
  const session = useLabSession()
  const setup = useLab(state => state.setup)
  const [nodes, setNodes] = useState(setup.nodes)
  const [seed, setSeed] = useState(setup.seed)
  const [tuning, setTuning] = useState(setup.tuning)
  const numbers = runSetup({ tuning }).tuning
  return (
    <form
      className="new-run"
      onSubmit={event => {
        event.preventDefault()
        session.begin({ nodes, seed, tuning: numbers })
      }}
    >
      <h3>Another run</h3>
      <label>
        Nodes
        <input
          className="field small"
          type="number"
          min={1}
          max={9}
          required
          value={nodes}
          onChange={event => setNodes(Math.min(9, Math.max(1, Math.round(Number(event.target.value) || 1))))}
        />
      </label>
      <label>
        Seed
        <input
          className="field small"
          type="number"
          min={0}
          max={999_999}
          required
          value={seed}
          onChange={event => setSeed(Math.min(999_999, Math.max(0, Math.round(Number(event.target.value) || 0))))}
        />
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={tuning.elections === 'automatic'}
          onChange={event => setTuning({ ...tuning, elections: event.target.checked ? 'automatic' : 'manual' })}
        />
        Elections begin by themselves
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={tuning.preVote}
          onChange={event => setTuning({ ...tuning, preVote: event.target.checked })}
        />
        Pre-vote
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={tuning.checkQuorum}
          onChange={event => setTuning({ ...tuning, checkQuorum: event.target.checked })}
        />
        Leaders step down without a majority
      </label>
      <button type="submit" className="button small">
        Begin
      </button>
    </form>
  )
}
