/** The rules of Raft as switches. Off, the run is another: the same moves under the other rules, and labelled so. */
import { type Rule, rules, runSetup } from '@flotilla/simulator/lab'
import { useState } from 'react'
import { lab } from '../../words/lab.ts'
import { why } from '../../words/why.ts'
import { useLab, useLabSession } from '../lab-context.ts'
import { spokenRule } from '../spoken-rules.ts'
import { RunFiles } from './run-files.tsx'
import './rules-panel.css'

export default function RulesPanel() {
  const session = useLabSession()
  const setup = useLab(state => state.setup)
  const runs = useLab(state => state.runs)
  useLab(state => state.current)
  const recorded = session.run.title !== undefined
  const words = lab().rules
  return (
    <article>
      <RunFiles />
      {runs.length > 1 && (
        <button type="button" className="button small" onClick={() => session.toggleComparison()}>
          {lab().keys.compare}
        </button>
      )}
      {recorded ? (
        <p className="panel-note">{words.recording}</p>
      ) : (
        <>
          <h2>{setup.off.length === 0 ? words.asItIs : words.modified}</h2>
          <p className="panel-note">{words.about}</p>
          <ul className="rules">
            {rules.map(rule => (
              <RuleSwitch key={rule.id} rule={rule} isOff={setup.off.includes(rule.id)} />
            ))}
          </ul>
          <NewRun key={`${setup.seed} ${setup.nodes}`} />
          {setup.off.length > 0 && (
            <button type="button" className="button small" onClick={() => session.begin({ off: [] })}>
              {words.allOn}
            </button>
          )}
        </>
      )}
    </article>
  )
}

function RuleSwitch({ rule, isOff }: { readonly rule: Rule; readonly isOff: boolean }) {
  const session = useLabSession()
  const { name, statement, without } = spokenRule(rule)
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
        <strong>{name}</strong>
        <small>{why().section(rule.section)}</small>
      </label>
      <p>{isOff ? without : statement}</p>
      {isOff && (
        <p className="breaks">
          {rule.breaks === undefined ? lab().rules.onlyStability : lab().rules.mayBreak(rule.breaks)}
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
  const words = lab().rules
  return (
    <form
      className="new-run"
      onSubmit={event => {
        event.preventDefault()
        session.begin({ nodes, seed, tuning: numbers })
      }}
    >
      <h3>{words.another}</h3>
      <label>
        {words.nodes}
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
        {words.seed}
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
        {words.automatic}
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={tuning.preVote}
          onChange={event => setTuning({ ...tuning, preVote: event.target.checked })}
        />
        {words.preVote}
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={tuning.checkQuorum}
          onChange={event => setTuning({ ...tuning, checkQuorum: event.target.checked })}
        />
        {words.checkQuorum}
      </label>
      <button type="submit" className="button small">
        {words.begin}
      </button>
    </form>
  )
}
