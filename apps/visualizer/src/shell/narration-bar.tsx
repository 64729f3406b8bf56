/** The sentence, large; and beside it what a teacher reaches for: the pace, and one more node. */
import { useEffect, useRef, useState } from 'react'
import { PACES } from '../live/room-controls.ts'
import { roomAddress } from '../room/room-address.ts'
import { useSeats } from '../stage/stage.ts'
import { useActions, useLive, useQuorum } from '../store/live-context.ts'
import { nameOf } from '../trace-view/view.ts'
import { headlineOf } from './headline.ts'

export function NarrationBar() {
  const phase = useLive(state => state.phase)
  const problem = useLive(state => state.problem)
  const told = useLive(state => state.narration.headline)
  const view = useLive(state => state.view)
  const quorum = useQuorum()
  const seats = useSeats()
  const actions = useActions()
  const headline = headlineOf({
    phase,
    problem,
    quorum,
    told,
    alone: seats.length === 1 && quorum?.voters === 1,
    nameOf: id => nameOf(view, id),
  })
  const self = useLive(state => state.self)
  return (
    <div className={headline.text.length > 62 ? 'say long' : 'say'}>
      <div className="say-words">
        <h1>{headline.text}</h1>
        <p>{headline.detail}</p>
        <Announcer text={headline.text} />
      </div>
      <div className="say-controls">
        {phase === 'broken' && (
          <button type="button" className="button primary" onClick={() => actions.retry()}>
            Try again
          </button>
        )}
        {(phase === 'crashed' || phase === 'failed') && self !== undefined && (
          <button type="button" className="button primary" onClick={() => actions.restart(self)}>
            Start it again
          </button>
        )}
        {phase !== 'broken' && <PaceControl />}
        {phase !== 'broken' && <AddNode primary={phase === 'running' || phase === 'opening' || phase === 'joining'} />}
      </div>
    </div>
  )
}

function PaceControl() {
  const pace = useLive(state => state.pace)
  const actions = useActions()
  return (
    <fieldset className="pace">
      <legend className="visually-hidden">Speed of the whole room</legend>
      {PACES.map(option => (
        <label key={option}>
          <input
            type="radio"
            name="pace"
            className="visually-hidden"
            checked={pace === option}
            onChange={() => actions.setPace(option)}
          />
          {option === 1 ? (
            <span>
              Full<span className="wide-only"> speed</span>
            </span>
          ) : (
            <span>{`1/${option}`}</span>
          )}
        </label>
      ))}
    </fieldset>
  )
}

function AddNode({ primary }: { readonly primary: boolean }) {
  const room = useLive(state => state.room)
  return (
    <a
      id="add-a-node"
      className={primary ? 'button primary' : 'button'}
      href={roomAddress(room)}
      target="_blank"
      rel="noopener"
    >
      Add a node
    </a>
  )
}

/** At full speed more happens than anybody can listen to: the latest sentence, at most one every moment. */
function Announcer({ text }: { readonly text: string }) {
  const [spoken, setSpoken] = useState('')
  const latest = useRef(text)
  latest.current = text
  useEffect(() => {
    const timer = setInterval(() => setSpoken(latest.current), 1_500)
    return () => clearInterval(timer)
  }, [])
  return (
    <p className="visually-hidden" aria-live="polite">
      {spoken}
    </p>
  )
}
