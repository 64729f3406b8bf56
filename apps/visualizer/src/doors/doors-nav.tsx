/** The name, and the three doors. The same in every header, so that nothing jumps when another is opened. */
import { doors } from '../words/doors.ts'
import '../shell/header.css'

export type DoorName = 'learn' | 'lab' | 'live'

const DOORS: readonly DoorName[] = ['learn', 'lab', 'live']

export function Brand() {
  return (
    <a className="brand" href="#/" aria-label={doors().home}>
      <Sail />
      <span>Flotilla</span>
    </a>
  )
}

export function DoorsNav({ here }: { readonly here: DoorName | undefined }) {
  return (
    <nav className="doors-nav" aria-label="Flotilla">
      {DOORS.map(door => (
        <a key={door} href={`#/${door}`} aria-current={door === here ? 'page' : undefined}>
          {doors()[door]}
        </a>
      ))}
    </nav>
  )
}

function Sail() {
  return (
    <svg viewBox="0 0 22 22" aria-hidden="true">
      <g fill="none" stroke="var(--accent)" strokeWidth="1.8" strokeLinejoin="round">
        <path d="M2 15h18l-2.4 4H4.4z" fill="var(--accent)" />
        <path d="M10 12.5V2.5l7 10z" fill="var(--accent-tint)" />
        <path d="M7.6 12.5V6L3 12.5z" />
      </g>
    </svg>
  )
}
