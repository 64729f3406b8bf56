/** Where the page begins: the room in the address, this tab's node in it, and the picture of them all. */
import { createRoot } from 'react-dom/client'
import { Session } from './live/session.ts'
import { freshRoomName, roomAddress, roomInHash } from './room/room-address.ts'
import { App } from './shell/app.tsx'

const address = roomInHash(location.hash)
// A name that is none is not mended: the cluster refuses it, and the page says so.
const room = address.kind === 'named' ? address.room : address.kind === 'invalid' ? address.text : freshRoomName()
if (address.kind === 'none') history.replaceState(history.state, '', roomAddress(room))
addEventListener('hashchange', () => {
  const next = roomInHash(location.hash)
  if (next.kind !== 'named' || next.room !== room) location.reload()
})

const session = new Session(room)
window.flotilla = session

const root = document.getElementById('root')
if (root) createRoot(root).render(<App live={session.live} />)
