/** Live's door: the room in the address, this tab's node in it, and the picture of them all. */
import type { Root } from 'react-dom/client'
import { freshRoom, type RoomName, roomAddress, roomInHash } from '../room/room-address.ts'
import { App } from '../shell/app.tsx'
import { onWords } from '../words/language.ts'
import { Session } from './session.ts'

export function openLive(root: Root): void {
  const address = location.hash === '#/live' ? ({ kind: 'none' } as const) : roomInHash(location.hash)
  // A name that is none is not mended: the cluster refuses it, and the page says so.
  const name: RoomName =
    address.kind === 'named' ? address : address.kind === 'invalid' ? { room: address.text } : freshRoom()
  if (address.kind === 'none') history.replaceState(history.state, '', roomAddress(name.room, name.key))
  // A node does not move to another room, or out of one: the page begins again.
  addEventListener('hashchange', () => {
    const next = roomInHash(location.hash)
    const isThis = next.kind === 'named' && next.room === name.room && next.key === name.key
    // A node that waits for somebody of the room may be told by another link to make it.
    if (!isThis || session.status().state === 'joining') location.reload()
  })

  const session = new Session(name)
  window.flotilla = session
  onWords(() => session.live.picture.retell())
  root.render(<App live={session.live} />)
}
