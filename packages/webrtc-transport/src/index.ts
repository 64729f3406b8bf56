export { backoffMs } from './backoff.ts'
export { broadcastChannelSignaling } from './broadcast-channel-signaling.ts'
export { channelsCanMove, connectForWorker } from './connect-for-worker.ts'
export { connectThroughPage } from './connect-through-page.ts'
export { type Connect, type Connection, type ConnectionHandler, LOW_WATER_BYTES } from './connection.ts'
export type { Asked, HandOver, Told } from './handed-over.ts'
export type { LinkStats } from './link.ts'
export type { Decision } from './meeting.ts'
export type { MeshStats } from './mesh.ts'
export { type NodeIdentity, newClientIdentity, newNodeIdentity } from './node-keys.ts'
export { MAX_RELAYED_BYTES } from './relayed-message.ts'
export { deriveRoomKeys, isRoomSecret, newRoomSecret, type RoomKeys } from './room-secret.ts'
export { isServerAddress, toldAddress } from './server-address.ts'
export { assertSignalLength, MAX_SIGNAL_LENGTH, type Signaling, type SignalingHandler } from './signaling.ts'
export { type WebSocketLike, type WebSocketSignalingOptions, webSocketSignaling } from './web-socket-signaling.ts'
export {
  type Connections,
  meet,
  type SignalingWay,
  type WebRtcOptions,
  type WebRtcTransport,
  webRtc,
  webRtcThrough,
} from './webrtc-transport.ts'
