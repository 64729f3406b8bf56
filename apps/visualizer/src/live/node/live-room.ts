/** What of a room only its page can know, for its node: what the page's server says, and what this tab and this browser remember. */
import { deriveRoomKeys } from '@flotilla/webrtc-transport'
import type { RoomName } from '../../room/room-address.ts'
import { hostOfRooms } from '../../room/room-host.ts'
import { isGuestIn } from '../browser.ts'
import { databaseOf } from '../moved-room.ts'
import { rememberedControls } from '../remembered-controls.ts'
import { rememberedNode } from '../remembered-node.ts'
import { RoomControls } from '../room-controls.ts'
import type { LiveRoom } from './live-node.ts'

export async function liveRoom(name: RoomName): Promise<LiveRoom> {
  const { signaling, nats, ice } = hostOfRooms()
  const isGuest = isGuestIn(name)
  if (isGuest) {
    const { lendCrypto } = await import('../guest-crypto.ts')
    lendCrypto()
  }
  const controls = new RoomControls('')
  controls.merge(rememberedControls(name.room))
  return {
    ...name,
    host: { signaling, nats, ice },
    database: await nameOnDisk(name),
    isGuest,
    preferredNode: rememberedNode(name.room),
    controls: { pace: controls.pace, cuts: controls.cuts() },
  }
}

/** Rooms of one name and different keys are different rooms, on disk as well; but one whose key was changed is the same. */
async function nameOnDisk({ room, key }: RoomName): Promise<string> {
  if (key === undefined) return room
  const { topic } = await deriveRoomKeys(room, key)
  return databaseOf(topic)
}
