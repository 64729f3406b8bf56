/** Who stands at the room's door, and the switch that keeps it: a newcomer waits until a person here answers for it. */
import { useId, useState } from 'react'
import { useActions, useLive } from '../store/live-context.ts'
import type { Problem } from '../store/live-store.ts'
import { list } from '../words/forms.ts'
import { live } from '../words/live.ts'
import { doorCode } from './door-code.ts'
import './door.css'

/** More are told by their number. */
const SHOWN = 3

export function Door() {
  const waiting = useLive(state => state.waiting)
  const actions = useActions()
  const [problem, setProblem] = useState<Problem | undefined>()
  const words = live().door
  const answer = async (id: string, letIn: boolean) => setProblem(await actions.admit(id, letIn))
  return (
    <section className="room-door" aria-label={words.name} data-empty={waiting.length === 0}>
      <p className="visually-hidden" aria-live="polite">
        {waiting.length > 0 && words.asks(list(waiting.slice(0, SHOWN).map(doorCode)))}
      </p>
      {waiting.slice(0, SHOWN).map(id => (
        <div key={id} className="door-row">
          <p>
            <strong>{words.question}</strong> {words.shows} <code>{doorCode(id)}</code>
          </p>
          <button type="button" className="button primary small" onClick={() => answer(id, true)}>
            {words.letIn}
            <span className="visually-hidden"> {doorCode(id)}</span>
          </button>
          <button type="button" className="button small" onClick={() => answer(id, false)}>
            {words.refuse}
            <span className="visually-hidden"> {doorCode(id)}</span>
          </button>
        </div>
      ))}
      {waiting.length > SHOWN && <p>{words.more(waiting.length - SHOWN)}</p>}
      {problem && waiting.length > 0 && <p role="alert">{`${problem.title} ${problem.advice}`}</p>}
    </section>
  )
}

/** Of the whole room: whoever is a member may turn it. */
export function DoorSwitch() {
  const asked = useLive(state => state.admission === 'asked')
  const isMember = useLive(state => state.phase === 'running')
  const actions = useActions()
  const [problem, setProblem] = useState<Problem | undefined>()
  /** Shown at once; the room may take its time to agree. */
  const [wanted, setWanted] = useState<boolean | undefined>()
  const hint = useId()
  const turn = async (on: boolean) => {
    setWanted(on)
    setProblem(await actions.setAdmission(on ? 'asked' : 'open'))
    setWanted(undefined)
  }
  if (!isMember) return null
  return (
    <div className="door-switch">
      <label>
        <input
          type="checkbox"
          checked={wanted ?? asked}
          aria-describedby={hint}
          onChange={event => turn(event.target.checked)}
        />{' '}
        {live().door.ask}
      </label>
      <p id={hint} className="room-hint" role={problem && 'alert'}>
        {problem ? `${problem.title} ${problem.advice}` : asked ? live().door.asked : live().door.open}
      </p>
    </div>
  )
}
