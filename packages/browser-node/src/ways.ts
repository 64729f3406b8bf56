/** By default nodes find each other through a BroadcastChannel and the signalling servers that the settings name. */
import {
  broadcastChannelSignaling,
  type Connections,
  meet,
  newNodeIdentity,
  type WebRtcOptions,
  webSocketSignaling,
} from '@flotilla/webrtc-transport'
import type { NodeSettings, Ways } from './program.ts'
import { roomOnDisk } from './room-on-disk.ts'
import type { WatchedPlace } from './watching/watched-place.ts'

/** WebRTC over connections that are made in this thread, or by its page. */
export type TransportHere = (options: WebRtcOptions, connections: Connections | undefined) => Ways['transport']

export async function waysOf(
  transportHere: TransportHere,
  { room, secret, founds = true, signalingUrls = [], iceServers, iceTransportPolicy }: NodeSettings,
  connections: Connections | undefined,
  isSettled: () => boolean,
  watched?: Pick<WatchedPlace, 'signaling'>,
): Promise<Ways> {
  const options: WebRtcOptions = {
    isSettled,
    signaling: [broadcastChannelSignaling, ...signalingUrls.map(url => webSocketSignaling({ url }))].map(
      way => watched?.signaling(way) ?? way,
    ),
    ...(secret !== undefined && { secret }),
    ...(iceServers && { iceServers }),
    ...(iceTransportPolicy && { iceTransportPolicy }),
  }
  const isShared = secret !== undefined || signalingUrls.length > 0
  const transport = transportHere(options, connections)
  return {
    room: await roomOnDisk({ room, ...(secret !== undefined && { secret }) }),
    // By the name that its link says: an edge node knows no other.
    transport: () => transport(room),
    ...(secret !== undefined && { newIdentity: newNodeIdentity }),
    ...(!founds && { meet: async () => 'join' as const }),
    ...(founds && isShared && { meet: (...asked) => meet(room, options, ...asked) }),
  }
}
