/** Who and where we are: the room, and whether its majority is here. */
import { useLive, useQuorum } from '../store/live-context.ts'
import { useUi } from '../store/ui-store.ts'

export function Header() {
  const room = useLive(state => state.room)
  const theme = useUi(state => state.theme)
  const setTheme = useUi(state => state.setTheme)
  const setHelpOpen = useUi(state => state.setHelpOpen)
  return (
    <header className="header">
      <span className="brand">
        <Sail />
        Flotilla
      </span>
      <span className="crumb">
        <span>Live · room </span>
        <strong>
          <bdi>{room}</bdi>
        </strong>
      </span>
      <span className="header-right">
        <Lights />
        <button
          type="button"
          className="button quiet icon"
          aria-label={theme === 'dark' ? 'Light theme' : 'Dark theme'}
          onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
        >
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" strokeWidth="1.8" />
            <path d="M 10 3 A 7 7 0 0 1 10 17 Z" fill="currentColor" />
          </svg>
        </button>
        <button type="button" className="button quiet icon" aria-label="Help" onClick={() => setHelpOpen(true)}>
          <kbd>?</kbd>
        </button>
      </span>
    </header>
  )
}

/** A light for each voter: filled when it can be reached. */
function Lights() {
  const quorum = useQuorum()
  if (quorum === undefined || quorum.voters === 0) return null
  return (
    <span className={quorum.lost ? 'lights lost' : 'lights'}>
      <span className="dots" aria-hidden="true">
        {Array.from({ length: quorum.voters }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lights are a count, not a list
          <i key={i} className={i < quorum.reachable ? 'on' : ''} />
        ))}
      </span>
      <span className="lights-words">
        {quorum.reachable} of {quorum.voters} {quorum.voters === 1 ? 'voter' : 'voters'} in reach
      </span>
    </span>
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
