/** By default nodes find each other through a BroadcastChannel and the signalling servers that the settings name. */
import {
  broadcastChannelSignaling,
  deriveRoomKeys,
  meet,
  newNodeIdentity,
  type WebRtcOptions,
  webRtc,
  webSocketSignaling,
} from '@flotilla/webrtc-transport'
import type { NodeSettings, Ways } from './program.ts'
import type { WatchedPlace } from './watching/watched-place.ts'

export async function waysOf(
  { room, secret, signalingUrls = [], iceServers, iceTransportPolicy }: NodeSettings,
  connections: WebRtcOptions['connections'],
  isSettled: () => boolean,
  watched?: Pick<WatchedPlace, 'signaling'>,
): Promise<Ways> {
  const options: WebRtcOptions = {
    isSettled,
    signaling: [broadcastChannelSignaling, ...signalingUrls.map(url => webSocketSignaling({ url }))].map(
      way => watched?.signaling(way) ?? way,
    ),
    ...(connections && { connections }),
    ...(secret !== undefined && { secret }),
    ...(iceServers && { iceServers }),
    ...(iceTransportPolicy && { iceTransportPolicy }),
  }
  const isShared = secret !== undefined || signalingUrls.length > 0
  const name = await roomOnDisk({ room, ...(secret !== undefined && { secret }) })
  return {
    room: name,
    transport: webRtc(options),
    ...(secret !== undefined && { newIdentity: newNodeIdentity }),
    ...(isShared && { meet: (signal: AbortSignal) => meet(name, options, signal) }),
  }
}

/** Rooms of one name and different secrets are different rooms, on disk as well. */
export async function roomOnDisk({ room, secret }: Pick<NodeSettings, 'room' | 'secret'>): Promise<string> {
  return secret === undefined ? room : (await deriveRoomKeys(room, secret)).topic
}
