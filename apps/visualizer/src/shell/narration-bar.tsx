/** The sentence, large; and beside it what a teacher reaches for: the pace, and one more node. */
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { PACES } from '../live/room-controls.ts'
import { Door } from '../room/door.tsx'
import { roomAddress } from '../room/room-address.ts'
import { useSeats } from '../stage/stage.ts'
import { useActions, useLive, useMayAct, useQuorum } from '../store/live-context.ts'
import { nameOf } from '../trace-view/view.ts'
import type { LiveWords } from '../words/en/live.ts'
import { live } from '../words/live.ts'
import { GiveUp } from './give-up.tsx'
import { headlineOf } from './headline.ts'
import { useKeptFocus } from './kept-focus.ts'
import './say.css'

interface NarrationBarProps {
  /** In place of Live's own. */
  readonly words?: Partial<LiveWords['headline']>
  /** What helps, where somebody only watches. */
  readonly remedy?: ReactNode
}

export function NarrationBar({ words, remedy }: NarrationBarProps) {
  const phase = useLive(state => state.phase)
  const problem = useLive(state => state.problem)
  const told = useLive(state => state.narration.headline)
  const view = useLive(state => state.view)
  const quorum = useQuorum()
  const seats = useSeats()
  const mayAct = useMayAct()
  const headline = headlineOf({
    phase,
    problem,
    quorum,
    told,
    alone: seats.length === 1 && quorum?.voters === 1,
    nameOf: id => nameOf(view, id),
    ownWords: words,
  })
  const bar = useRef<HTMLDivElement>(null)
  const sentence = useRef<HTMLHeadingElement>(null)
  useKeptFocus(bar, sentence)
  // Then there is no pace of anything, and much to say.
  const isNobodyHere = problem?.remedy === 'found' || problem?.remedy === 'foundForSure'
  return (
    <div ref={bar} className={`say ${shapeOf(headline.text, headline.detail)} ${problem === undefined ? '' : 'amiss'}`}>
      <div className="say-words">
        <h1 ref={sentence} tabIndex={-1}>
          {headline.text}
        </h1>
        <p>{headline.detail}</p>
        <Announcer text={headline.text} />
      </div>
      {!mayAct && remedy !== undefined && <div className="say-controls">{remedy}</div>}
      {mayAct && (
        <>
          <div className="say-controls">
            <Remedy />
            {problem === undefined && <GiveUp />}
            {phase !== 'broken' && !isNobodyHere && <PaceControl />}
            {phase !== 'broken' && (
              <AddNode primary={problem === undefined && phase !== 'crashed' && phase !== 'closed'} />
            )}
          </div>
          <GuestNote />
          <Door />
        </>
      )}
    </div>
  )
}

/** The sentence has two lines, or its detail has: the place for both is the same whatever they say. */
function shapeOf(text: string, detail: string): string {
  if (text.length > 62) return 'long'
  return detail.length > 80 ? 'wordy' : ''
}

/** What this tab is, and what that means for all. */
function GuestNote() {
  const isGuest = useLive(state => state.isGuest)
  if (!isGuest) return null
  return (
    <p className="guest-note" role="note">
      <strong>{live().guest.title}</strong> {live().guest.advice}
    </p>
  )
}

/** What helps, as a button. */
function Remedy() {
  const phase = useLive(state => state.phase)
  const problem = useLive(state => state.problem)
  const self = useLive(state => state.self)
  const actions = useActions()
  const remedy = problem?.remedy ?? (phase === 'crashed' ? 'restart' : phase === 'closed' ? 'reload' : undefined)
  switch (remedy) {
    case undefined:
    case 'wait':
      return null
    case 'newRoom':
      return (
        <a className="button primary" href="#/live">
          {live().remedies.newRoom}
        </a>
      )
    case 'restart':
      if (self !== undefined)
        return (
          <button type="button" className="button primary" onClick={() => actions.restart(self)}>
            {live().remedies.restart}
          </button>
        )
      return <Reload />
    case 'reload':
      return <Reload />
    case 'deleteDamaged':
      return (
        <>
          <button type="button" className="button" onClick={() => actions.keepDamaged()}>
            {live().remedies.keep}
          </button>
          <button type="button" className="button primary" onClick={() => actions.deleteDamaged()}>
            {live().remedies.remove}
          </button>
        </>
      )
    case 'found':
      return (
        <button type="button" className="button" onClick={() => actions.warnOfFounding(true)}>
          {live().remedies.found}
        </button>
      )
    case 'foundForSure':
      return (
        <>
          <button type="button" className="button" onClick={() => actions.foundAnew()}>
            {live().remedies.foundForSure}
          </button>
          <button type="button" className="button primary" onClick={() => actions.warnOfFounding(false)}>
            {live().remedies.goOnWaiting}
          </button>
        </>
      )
    case 'joinAgain':
      return (
        <button type="button" className="button primary" onClick={() => actions.joinAgain()}>
          {live().remedies.joinAgain}
        </button>
      )
    default:
      return remedy satisfies never
  }
}

function Reload() {
  const actions = useActions()
  const isOpen = useLive(state => state.phase !== 'broken')
  return (
    <button type="button" className="button primary" onClick={() => actions.retry()}>
      {isOpen ? live().remedies.reload : live().remedies.retry}
    </button>
  )
}

function PaceControl() {
  const pace = useLive(state => state.pace)
  const isKept = useLive(state => state.keeper !== undefined && state.keeper !== state.self)
  const actions = useActions()
  return (
    <fieldset className="pace" disabled={isKept}>
      <legend className="visually-hidden">{live().pace}</legend>
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
              <span className="narrow-only">{live().full}</span>
              <span className="wide-only">{live().fullSpeed}</span>
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
  // The address has it: these only say that it is another.
  useLive(state => state.link)
  useLive(state => state.phase)
  return (
    <a
      id="add-a-node"
      className={primary ? 'button primary' : 'button'}
      href={roomAddress(room)}
      target="_blank"
      rel="noopener"
    >
      {live().addNode}
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
