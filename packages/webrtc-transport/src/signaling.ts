/**
 * Signalling: the little that tabs must say to each other before there is a data channel between them. An adapter is a
 * bus for short texts within a room, and knows nothing of WebRTC; who says what when is decided in `mesh.ts`.
 *
 * The bus is not trusted: whatever comes out of it is decoded by `signal.ts`, which believes nothing.
 * Any implementation must pass `signalingConformance`.
 */
import type { NodeId } from '@flotilla/core'

/** The longest signal, in UTF-16 units. A session description without media has about 600, with many networks 3,000. */
export const MAX_SIGNAL_LENGTH = 32 * 1024

export interface SignalingHandler {
  /** Texts come in the order in which their sender sent them, unaltered, each at most once. */
  onSignal(text: string): void
  /** The others were out of reach for a while and are not any more: what was said meanwhile is lost, both ways. */
  onReturn(): void
  /** Whoever carries signals cannot be reached; it is tried again, and `onReturn` says when it can. */
  onLost?(): void
  /** Bytes that somebody had carried here by `relay`: in the order in which they were sent, each at most once. */
  onRelayed?(message: Uint8Array<ArrayBuffer>): void
}

/** Something to post in a BroadcastChannel. */
export interface Broadcast {
  readonly channel: string
  readonly message: unknown
}

export interface Signaling {
  /** Enters the room under this id. Resolves when signals of others arrive; rejects if there is no way to enter. */
  join(self: NodeId, handler: SignalingHandler): Promise<void>
  /**
   * To everyone else in the room, or to whoever is there under the id `to`. Best effort; nothing before `join` has
   * resolved and after `leave`. A text longer than MAX_SIGNAL_LENGTH throws a RangeError.
   */
  send(text: string, to?: NodeId): void
  /**
   * Who else is in the room, where somebody knows; `undefined` while that one cannot be asked, or knows of somebody who has not
   * said who it is. A way without a server has no such method.
   */
  present?(): Promise<readonly NodeId[] | undefined>
  /**
   * Where the way carries bytes as well, for those who cannot be connected: to whoever is there under the id `to`. `false`
   * if it takes none now. Longer than MAX_RELAYED_BYTES throws a RangeError.
   */
  relay?(message: Uint8Array<ArrayBuffer>, to: NodeId): boolean
  /** What says this text to all on this way, whichever of the browser's threads does it. A way that others cannot use has no such method. */
  asBroadcast?(text: string): Broadcast
  /** Whether it was tried, and is not reached now. A way without a server has no such property. */
  readonly isLost?: boolean
  /** The address of a server that has not let us in yet, or not again; without what may be a secret. */
  readonly unreached?: string | undefined
  /** Nothing is delivered afterwards; what was sent just before still goes out. Twice is once. */
  leave(): void
}

export function assertSignalLength(text: string, longest = MAX_SIGNAL_LENGTH): void {
  if (text.length > longest) throw new RangeError(`a signal of ${text.length} characters is longer than ${longest}`)
}
