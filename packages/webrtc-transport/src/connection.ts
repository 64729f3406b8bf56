/**
 * What the mesh needs of WebRTC: one connection with one data channel. A seam, so that discovery and queueing can be
 * tested in virtual time, and so that all of simple-peer's habits stay in `simple-peer-connection.ts`.
 */
import type { ObstacleKind } from '@flotilla/cluster'
import type { Fingerprints } from './handshake.ts'
import type { Negotiation } from './signal.ts'

export interface ConnectionHandler {
  /** For the other side, through signalling. */
  onNegotiation(negotiation: Negotiation): void
  /** Messages can go both ways. Once, and before any `onMessage`. */
  onOpen(): void
  /** `undefined` for a message that is not bytes. */
  onMessage(message: Uint8Array | undefined): void
  /** `bufferedBytes` has fallen to LOW_WATER_BYTES. */
  onWritable(): void
  /** Why it may not open; the latest counts, `undefined` for nothing that is known. */
  onObstacle?(kind: ObstacleKind | undefined): void
  /** The page at the other end closes. It says so beside its channel, for whoever has that may not come to it any more. */
  onBye?(): void
  /** Over, for whatever reason but our own `destroy`. Once, and the last call. */
  onClose(): void
}

export interface Connection {
  /** What the other side had for us. A wrong one closes the connection. */
  negotiate(negotiation: Negotiation): void
  /** Copies the bytes. Throws when the channel does not take them; then the connection is of no more use. */
  send(message: Uint8Array<ArrayBuffer>): void
  readonly bufferedBytes: number
  /** Of the certificates at both ends, once it is open; `undefined` if they cannot be told. */
  readonly fingerprints: Fingerprints | undefined
  /** Closes at once and tells the other side. Nothing is called afterwards. Twice is once. */
  destroy(): void
}

export type Connect = (initiator: boolean, handler: ConnectionHandler) => Connection

/**
 * How much we let a browser hold of what waits: enough to keep the network busy until the event of having room gets here,
 * and little enough that what is urgent is not stuck behind it.
 */
export const HIGH_WATER_BYTES = 128 * 1024
export const LOW_WATER_BYTES = 64 * 1024
