/** The ways into a room from Node: the signalling that its page names, over WebSockets as Node has them. */
import type { ClusterOptions } from '@flotilla/cluster'
import { natsSignaling } from '@flotilla/nats-signaling'
import {
  meet,
  newNodeIdentity,
  type SignalingWay,
  type WebRtcOptions,
  webRtcThrough,
  webSocketSignaling,
} from '@flotilla/webrtc-transport'
import { WebSocket } from 'ws'
import { nodeConnections } from '../transport/node-web-rtc.ts'
import type { RoomHost } from './room-host.ts'
import type { RoomLink } from './room-link.ts'

export interface RoomWays extends Required<Pick<ClusterOptions<never, never>, 'transport' | 'newIdentity' | 'meet'>> {}

/** @throws TransportError `Unsupported` */
export async function waysInto(
  { room, key, page }: RoomLink,
  { signaling, nats, iceServers, iceTransportPolicy }: RoomHost,
  { trustAnyCertificate, isSettled }: { readonly trustAnyCertificate: boolean; readonly isSettled: () => boolean },
): Promise<RoomWays> {
  /** A signalling server lets in whoever comes from a page that it knows. */
  class NodeSocket extends WebSocket {
    constructor(url: string) {
      super(url, { origin: page.origin, rejectUnauthorized: !trustAnyCertificate, perMessageDeflate: false })
    }
  }
  const ways: SignalingWay[] = []
  if (signaling !== undefined) ways.push(webSocketSignaling({ url: signaling, webSocket: NodeSocket }))
  if (nats.length > 0) {
    // The client library makes its own sockets; Node has none before version 22.
    if (!('WebSocket' in globalThis)) Object.assign(globalThis, { WebSocket: NodeSocket })
    ways.push(natsSignaling({ servers: nats }))
  }
  const options: WebRtcOptions = {
    secret: key,
    signaling: ways,
    iceServers,
    iceTransportPolicy,
    isSettled,
  }
  const connections = await nodeConnections()
  return {
    transport: () => webRtcThrough(connections, options)(room),
    newIdentity: newNodeIdentity,
    meet: (...asked) => meet(room, options, ...asked),
  }
}
