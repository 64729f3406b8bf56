/** Who and where we are: the room, and whether its majority is here. */
import { Brand, DoorsNav } from '../doors/doors-nav.tsx'
import { LanguageButton } from '../doors/language-button.tsx'
import { ThemeButton } from '../doors/theme-button.tsx'
import { useLive, useQuorum } from '../store/live-context.ts'
import { useUi } from '../store/ui-store.ts'
import { doors } from '../words/doors.ts'
import { live } from '../words/live.ts'
import './header.css'

export function Header() {
  const room = useLive(state => state.room)
  const setHelpOpen = useUi(state => state.setHelpOpen)
  return (
    <header className="header">
      <Brand />
      <DoorsNav here="live" />
      <span className="crumb of-room">
        <span>{live().crumb} </span>
        <strong>
          <bdi>{room}</bdi>
        </strong>
      </span>
      <span className="header-right">
        <Lights />
        <LanguageButton />
        <ThemeButton />
        <button type="button" className="button quiet icon" aria-label={doors().help} onClick={() => setHelpOpen(true)}>
          <kbd>?</kbd>
        </button>
      </span>
    </header>
  )
}

/** A light for each voter: filled when it can be reached. */
function Lights() {
  const quorum = useQuorum()
  const isolated = useLive(state => state.isolated)
  if (quorum === undefined || quorum.voters === 0) return null
  return (
    <span className={quorum.lost || isolated ? 'lights lost' : 'lights'}>
      <span className="dots" aria-hidden="true">
        {Array.from({ length: quorum.voters }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lights are a count, not a list
          <i key={i} className={i < quorum.reachable ? 'on' : ''} />
        ))}
      </span>
      <span className="lights-words">
        {isolated ? live().isolated : live().inReach(quorum.reachable, quorum.voters)}
      </span>
    </span>
  )
}
