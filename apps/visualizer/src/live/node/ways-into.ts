/**
 * How this tab's node finds the others of its room: those of the same browser always, and where the room has a key those
 * of other browsers and machines, who have to have it too.
 */
import type { Clock, ClusterOptions } from '@flotilla/cluster'
import {
  broadcastChannelSignaling,
  meet,
  newNodeIdentity,
  type SignalingWay,
  type WebRtcOptions,
  type WebRtcTransport,
  webSocketSignaling,
} from '@flotilla/webrtc-transport'
import type { LiveRoom } from './live-node.ts'

/** WebRTC over connections that are made in this thread, or by its page. */
export type TransportHere = (options: WebRtcOptions) => (room: string) => WebRtcTransport

type Ways = Pick<ClusterOptions<never, never>, 'room' | 'transport' | 'newIdentity' | 'meet'>

/** @param isSettled whether this tab's node belongs to a cluster by now */
export async function waysInto(
  { room, key, joins, database, host }: LiveRoom,
  clock: Clock,
  transport: TransportHere,
  isSettled: () => boolean,
): Promise<Ways> {
  if (key === undefined) return { room, transport: transport({ clock }) }
  const options: WebRtcOptions = {
    clock,
    secret: key,
    ...host.ice,
    isSettled,
    signaling: await signalingWays(host, clock),
  }
  return {
    room: database,
    transport: () => transport(options)(room),
    newIdentity: newNodeIdentity,
    meet: joins ? async () => 'join' : (...asked) => meet(room, options, ...asked),
  }
}

/** Within this browser always; and by what the page's server names. */
async function signalingWays({ signaling, nats }: LiveRoom['host'], clock: Clock): Promise<readonly SignalingWay[]> {
  const ways: SignalingWay[] = [broadcastChannelSignaling]
  if (signaling !== undefined) ways.push(webSocketSignaling({ url: signaling, clock }))
  if (nats.length === 0) return ways
  // Whoever needs none of it does not load it.
  const { natsSignaling } = await import('@flotilla/nats-signaling')
  return [...ways, natsSignaling({ servers: nats, clock })]
}
