/** Where the page begins: opens the room that the address names, or a fresh one, and says what is in the way if there is anything. */
import '../../look/tokens.css'
import '../../look/ground.css'
import '../../look/controls.css'
import './style/base.css'
import './style/phone.css'
import { createRoot } from 'react-dom/client'
import { freshRoom, hashOf, hostOfPage, MAX_NAME, roomIn } from './room/room-link.ts'
import { openSession } from './room/session.ts'
import { App } from './shell/app.tsx'
import { Opening, Trouble } from './shell/opening.tsx'
import { applyTheme } from './shell/theme.ts'

applyTheme()
// Before anything is waited for: the page may have loaded when a room is open at last.
if (import.meta.env.PROD && 'serviceWorker' in navigator)
  addEventListener('load', () => void navigator.serviceWorker.register('./sw.js').catch(() => undefined))

const element = document.getElementById('root')
if (element) await begin(element)

async function begin(element: HTMLElement): Promise<void> {
  const root = createRoot(element)
  const host = hostOfPage()
  const named = roomIn(location.hash)
  if (named === 'invalid')
    return root.render(<Trouble words="This link’s board cannot be: its name or key is cut short." />)
  if (named === 'too-long')
    return root.render(
      <Trouble
        words={`This board’s name is longer than ${MAX_NAME} characters. What was written under a longer one is under its first ${MAX_NAME}: cut the name in the link.`}
      />,
    )
  const link = named ?? freshRoom(host)
  if (named === undefined) history.replaceState(null, '', hashOf(link))
  addEventListener('hashchange', () => location.reload())
  if (!isSecureContext)
    return root.render(<Trouble words="A board needs a secure page: open it by https, or on localhost." />)
  root.render(<Opening />)
  try {
    const session = await openSession(link, host)
    root.render(<App session={session} />)
  } catch (error) {
    root.render(<Trouble words={error instanceof Error ? error.message : String(error)} />)
  }
}
