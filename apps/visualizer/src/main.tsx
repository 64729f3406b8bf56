/** Where the page begins: which door the address opens. Each is loaded when it is first opened. */
import '../../look/tokens.css'
import '../../look/ground.css'
import '../../look/controls.css'
import './style/base.css'
import './style/print.css'
import { createRoot } from 'react-dom/client'
import { doorOf } from './doors/door.ts'
import { hasLive } from './doors/has-live.ts'
import { keepForOffline } from './offline.ts'
import { preferredLanguage, speak, wordsReady } from './words/language.ts'

const element = document.getElementById('root')
if (element) {
  const root = createRoot(element)
  await speak(preferredLanguage())
  if (hasLive && doorOf(location.hash).kind === 'live') {
    const { openLive } = await import('./live/open.tsx')
    await wordsReady()
    openLive(root)
  } else {
    const { Doors } = await import('./doors/doors.tsx')
    root.render(<Doors />)
  }
}

if (hasLive) keepForOffline()
