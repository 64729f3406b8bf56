/**
 * How this tab's node finds the others of its room: those of the same browser always, and where the room has a key those
 * of other browsers and machines, who have to have it too.
 */
import type { Clock, ClusterOptions } from '@flotilla/cluster'
import {
  broadcastChannelSignaling,
  deriveRoomKeys,
  meet,
  newNodeIdentity,
  type SignalingWay,
  type WebRtcOptions,
  webRtc,
  webSocketSignaling,
} from '@flotilla/webrtc-transport'
import type { RoomName } from '../room/room-address.ts'
import { hostOfRooms } from '../room/room-host.ts'
import { databaseOf } from './moved-room.ts'

type Ways = Pick<ClusterOptions<never, never>, 'room' | 'transport' | 'newIdentity' | 'meet'>

/**
 * @param isSettled whether this tab's node belongs to a cluster by now
 */
export async function waysInto({ room, key, joins }: RoomName, clock: Clock, isSettled: () => boolean): Promise<Ways> {
  if (key === undefined) return { room, transport: webRtc({ clock }) }
  const { ice } = hostOfRooms()
  const options: WebRtcOptions = {
    clock,
    secret: key,
    ...ice,
    isSettled,
    signaling: await signalingWays(clock),
  }
  // Rooms of one name and different keys are different rooms, on disk as well; but one whose key was changed is the same.
  const { topic } = await deriveRoomKeys(room, key)
  return {
    room: databaseOf(topic),
    transport: () => webRtc(options)(room),
    newIdentity: newNodeIdentity,
    meet: joins ? async () => 'join' : signal => meet(room, options, signal),
  }
}

/** Within this browser always; and by what the page's server names. */
async function signalingWays(clock: Clock): Promise<readonly SignalingWay[]> {
  const { signaling, nats } = hostOfRooms()
  const ways: SignalingWay[] = [broadcastChannelSignaling]
  if (signaling !== undefined) ways.push(webSocketSignaling({ url: signaling, clock }))
  if (nats.length === 0) return ways
  // Whoever needs none of it does not load it.
  const { natsSignaling } = await import('@flotilla/nats-signaling')
  return [...ways, natsSignaling({ servers: nats, clock })]
}
