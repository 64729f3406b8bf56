/**
 * Clients that are no nodes and come over a transport, as nodes do. They are told from nodes by their ids, which no node can have:
 * so nobody counts on them, lets them in or tells them of Raft. What they say is theirs and whoever serves them to understand.
 */
import type { NodeId } from '@flotilla/core'

/** No letter of a node's id. */
export const CLIENT_MARK = '~'

export const isClientId = (id: NodeId): boolean => id.startsWith(CLIENT_MARK)

/** To one client that is linked to this node. */
export interface ClientWay {
  readonly client: NodeId
  /** Once. Frames that come before are lost: a node speaks first. */
  open(handler: ClientWayHandler): void
  /** Best effort, in order. Dropped once the link is down. @throws RangeError beyond MAX_FRAME_BYTES */
  send(frame: Uint8Array): void
}

export interface ClientWayHandler {
  /** The bytes are the receiver's to keep. */
  onFrame(frame: Uint8Array): void
  /** The link is down. Once, and the last call. */
  onDown(): void
}
