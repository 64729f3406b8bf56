/** For a class: what this tab's node is called, who may cut, crash and slow the room, and a change of who votes. */
import { type FormEvent, useId, useState } from 'react'
import { useSeats } from '../stage/stage.ts'
import { useActions, useLive } from '../store/live-context.ts'
import { MAX_NAME_LETTERS } from '../trace-view/called-name.ts'
import { nameOf } from '../trace-view/view.ts'
import { crowdWords } from '../words/crowd.ts'
import './class-dialog.css'

export default function ClassSheet() {
  return (
    <div className="class">
      <Name />
      <Controls />
      <Turn />
    </div>
  )
}

function Name() {
  const words = crowdWords()
  const actions = useActions()
  const field = useId()
  const called = useLive(state => (state.self === undefined ? undefined : state.view.called.get(state.self)))
  const [typed, setTyped] = useState(called ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    actions.call(typed)
  }
  return (
    <form onSubmit={submit}>
      <label htmlFor={field}>{words.name}</label>
      <div className="class-row">
        <input
          id={field}
          className="field"
          dir="auto"
          autoComplete="nickname"
          maxLength={2 * MAX_NAME_LETTERS}
          placeholder={words.namePlaceholder}
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
        <button type="submit" className="button">
          {words.call}
        </button>
      </div>
      <p aria-live="polite">
        <bdi>{called === undefined ? words.calledNothing : words.calledNow(called)}</bdi>
      </p>
    </form>
  )
}

function Controls() {
  const words = crowdWords()
  const actions = useActions()
  const keeper = useLive(state => state.keeper)
  const self = useLive(state => state.self)
  const name = useLive(state => (state.keeper === undefined ? '' : nameOf(state.view, state.keeper)))
  const isGone = useSeats().every(({ node, presence }) => node.id !== keeper || presence !== 'here')
  const state =
    keeper === undefined
      ? words.free
      : keeper === self
        ? words.keptHere
        : `${words.keptBy(name)}${isGone ? ` ${words.keeperGone}` : ''}`
  return (
    <section aria-label={words.controls}>
      <h3>{words.controls}</h3>
      <p aria-live="polite">{state}</p>
      <div className="class-row">
        {keeper === undefined && (
          <button type="button" className="button" disabled={self === undefined} onClick={() => actions.keepControls()}>
            {words.keep}
          </button>
        )}
        {keeper !== undefined && (keeper === self || isGone) && (
          <button type="button" className="button" onClick={() => actions.handOutControls()}>
            {words.handOut}
          </button>
        )}
        {keeper !== undefined && keeper !== self && isGone && (
          <button type="button" className="button" onClick={() => actions.keepControls()}>
            {words.takeOver}
          </button>
        )}
      </div>
      <p>{words.courtesy}</p>
    </section>
  )
}

function Turn() {
  const words = crowdWords()
  const actions = useActions()
  const isKept = useLive(state => state.keeper !== undefined && state.keeper !== state.self)
  const learners = useSeats().filter(({ standing, presence }) => standing === 'learner' && presence === 'here').length
  const [told, setTold] = useState('')
  const [isAsking, setAsking] = useState(false)
  const swap = async () => {
    setAsking(true)
    setTold('')
    const problem = await actions.swapVoter()
    setTold(problem === undefined ? words.swapped : `${problem.title} ${problem.advice}`)
    setAsking(false)
  }
  return (
    <section aria-label={words.turn}>
      <h3>{words.turn}</h3>
      <p>{words.swapWhy}</p>
      <div className="class-row">
        <button type="button" className="button" disabled={learners === 0 || isAsking || isKept} onClick={swap}>
          {words.swap}
        </button>
        <p aria-live="polite">{told}</p>
      </div>
    </section>
  )
}
