/** What an application writes that needs one of its tabs to be in charge: the room is named in the address. */
import { type Election, electLeader } from '@flotilla/cluster'
import { indexedDb } from '@flotilla/indexeddb-storage'
import { webRtc } from '@flotilla/webrtc-transport'

declare global {
  interface Window {
    election?: Election
  }
}

const room = new URLSearchParams(location.hash.slice(1)).get('room') ?? 'elect'
const election = await electLeader({ room, storage: indexedDb(), transport: webRtc() })

election.watch(({ leader, isMe }) => {
  const sign = document.querySelector('[role=status]')
  if (sign !== null)
    sign.textContent = isMe ? 'In charge.' : leader === undefined ? 'Nobody is in charge.' : 'Standing by.'
})
window.election = election
