/** The way into a room of Live, over the picture's place: large enough for the back row, and the same until the tab is closed. */
import { useState } from 'react'
import QrCode from '../room/qr-code.tsx'
import { freshRoom, invitation, isLoopback, type RoomName, roomAddress } from '../room/room-address.ts'
import { present } from '../words/present.ts'
import './room-code.css'

export default function RoomCode() {
  const [{ room, key }] = useState(classRoom)
  const address = invitation(room, key)
  const { hostname } = new URL(address)
  const words = present().room
  return (
    <section className="room-code" aria-label={words.title(room)}>
      {!isLoopback(hostname) && <QrCode text={address} />}
      <div>
        <h2>
          <bdi>{room}</bdi>
        </h2>
        <p className="room-code-address">
          <bdi>{address}</bdi>
        </p>
        <p>{isLoopback(hostname) ? words.nowhere(hostname) : words.join}</p>
        <p>
          <a className="button" href={roomAddress(room, key)} target="_blank" rel="noopener">
            {words.open}
          </a>{' '}
          <small>{words.close}</small>
        </p>
      </div>
    </section>
  )
}

const KEY = 'flotilla:class-room'

/** A class that has scanned it finds the same room at the next lesson. */
function classRoom(): RoomName {
  try {
    const [room, key] = (sessionStorage.getItem(KEY) ?? '').split(' ')
    if (room) return key ? { room, key } : { room }
    const fresh = freshRoom()
    sessionStorage.setItem(KEY, [fresh.room, fresh.key].filter(Boolean).join(' '))
    return fresh
  } catch {
    return freshRoom()
  }
}
