/**
 * Transport: how frames get from node to node. Unreliable on purpose: a frame may be lost, and Raft copes; but frames of
 * one lane between two nodes are never reordered, altered or split, and none arrives twice.
 *
 * Any implementation must pass `transportConformance` (in `@flotilla/cluster/conformance`).
 */
import type { NodeId } from '@flotilla/core'
import type { Membership } from './topology.ts'

/** What overtakes what when a link is busy: heartbeats and votes before log entries before snapshots and traces. */
export type Lane = 'urgent' | 'normal' | 'bulk'

/** The longest frame a transport must carry, in bytes. Longer ones throw a RangeError at the sender. */
export const MAX_FRAME_BYTES = 1 << 20

export interface TransportHandler {
  /** `from` is the peer at the other end of the link, whatever the frame says. The bytes are the receiver's to keep. */
  onFrame(from: NodeId, frame: Uint8Array): void
  /**
   * A link came up or went down. An up link is no proof of life: a frozen tab looks connected. `relayed`: its frames are
   * carried by somebody in between, because the two cannot meet; told again, `up` as before, when that changes.
   */
  onPeer(peer: NodeId, up: boolean, relayed?: boolean): void
  /** Whoever is in the room says that this node's key is not the room's any more. */
  onKeyReplaced?(): void
  /** `obstacles` are others than before. */
  onObstacles?(): void
  /**
   * A peer says that it goes, by another way than its link: what a closing tab puts into that may be lost with it. The link
   * may be up for a moment still. Not every transport has such a way.
   */
  onBye?(peer: NodeId): void
}

/** What stands in the way of a direct link. */
export type ObstacleKind =
  /** The server by which peers find each other does not answer. */
  | 'SignalingUnreachable'
  /** The peer is there, and does not answer an offer. */
  | 'Silent'
  /** This browser has no address to offer: it is forbidden to, or may only use a relay that it does not have. */
  | 'NoCandidates'
  /** Both have offered addresses, and nothing gets through. */
  | 'Blocked'
  /** The TURN server refuses what it was given. */
  | 'WrongCredentials'
  /** It speaks another version of the protocol. */
  | 'OtherVersion'
  /** Whoever answers in its name cannot prove that it is the one. */
  | 'Impostor'

export interface Obstacle {
  readonly kind: ObstacleKind
  /** `undefined` where it concerns all of them. */
  readonly peer: NodeId | undefined
}

export interface OpenOptions {
  /** Gives up. */
  readonly signal?: AbortSignal | undefined
  /** The node's own, where its id is made of the public one: what it proves with that it is the node of that id. */
  readonly keys?: CryptoKeyPair | undefined
}

/** What a transport can do whose room is closed to whoever lacks a key. */
export interface Keyed {
  /** What it was opened with. */
  readonly key: string
  /** One that nobody has. */
  newKey(): string
  /**
   * From now on the last of these closes the room. By those before it members are still found that were away, and nobody else: whoever
   * else comes with one is told that it has been replaced. Links to those who are no members (`knowMembers`) go down.
   */
  rekey(keys: readonly string[]): void
}

export interface Transport {
  /** Undefined where the room is closed by no key. */
  readonly keyed?: Keyed | undefined
  /**
   * Resolves when frames can be received; peers come and go from then on, also before it resolves. Rejects with a
   * TransportError, within a bounded time (`Timeout`), and at once when it is given up (`Aborted`).
   */
  open(self: NodeId, handler: TransportHandler, options?: OpenOptions): Promise<void>
  /** Best effort. Dropped when there is no link to `to`, when its queue is full, and after `close`. */
  send(to: NodeId, frame: Uint8Array, lane: Lane): void
  /** Those with an up link, in no order. */
  peers(): readonly NodeId[]
  /**
   * Who belongs to the room, as the node knows it, before `open` and whenever that changes. A transport that is told need not
   * link everybody to everybody (`wantedLinks`).
   */
  knowMembers?(membership: Membership): void
  /** Whether this peer's link is a relayed one. Default: none is. */
  isRelayed?(peer: NodeId): boolean
  /** Why peers that are known to be there have no direct link. Default: nothing is known to be in the way. */
  obstacles?(): readonly Obstacle[]
  /** Takes every link down, telling the peers where it can; nothing is delivered afterwards. Twice is once. */
  close(): Promise<void>
}

export type TransportErrorKind = 'Unsupported' | 'SignalingFailed' | 'Timeout' | 'Aborted' | 'Closed' | 'KeyReplaced'

export class TransportError extends Error {
  override readonly name = 'TransportError'
  readonly kind: TransportErrorKind
  constructor(kind: TransportErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
