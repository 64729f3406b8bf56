/** To the next of what matters, and how fast time passes: in the bar of time, and on a phone, which has no room there, over the lanes. */
import { CROWN } from '../ring/shapes.tsx'
import { lab } from '../words/lab.ts'
import { useLab, useLabSession } from './lab-context.ts'
import { PACES } from './session.ts'
import './jumps.css'

export function Jumps() {
  const session = useLabSession()
  const words = lab().transport
  return (
    <span className="jumps">
      <button
        type="button"
        className="button quiet icon jump"
        aria-label={words.nextElection}
        onClick={() => session.jump('election')}
      >
        <svg viewBox="-10 -10 20 20" aria-hidden="true">
          <path d={CROWN} fill="currentColor" />
        </svg>
      </button>
      <button
        type="button"
        className="button quiet icon jump"
        aria-label={words.nextCommit}
        onClick={() => session.jump('commit')}
      >
        <Icon path="M 4 11 L 8.5 15.5 L 16 5" />
      </button>
      <button
        type="button"
        className="button quiet icon jump"
        aria-label={words.nextViolation}
        onClick={() => session.jump('violation')}
      >
        <Icon path="M 10 3.5 L 17.5 16.5 H 2.5 Z M 10 8.5 V 12 M 10 14.4 V 14.5" />
      </button>
    </span>
  )
}

export function Pace() {
  const session = useLabSession()
  const pace = useLab(state => state.pace)
  return (
    <label className="pace-slider">
      <span className="visually-hidden">{lab().transport.speed}</span>
      <input
        type="range"
        min={0}
        max={PACES.length - 1}
        step={1}
        value={PACES.length - 1 - PACES.indexOf(pace)}
        aria-valuetext={paceName(pace)}
        onChange={event => session.setPace(PACES[PACES.length - 1 - Number(event.target.value)] ?? 20)}
      />
      <span>{paceName(pace)}</span>
    </label>
  )
}

const paceName = (pace: number): string => (pace === 1 ? lab().transport.fullSpeed : lab().transport.pace(pace))

export function Icon({ path, solid = false }: { readonly path: string; readonly solid?: boolean }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path
        d={path}
        fill={solid ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
