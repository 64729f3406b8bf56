/** What one server bears, and how much of it one address, one room and one visitor may have. */

export interface Limits {
  /** Of one frame. The longest signal, every character of it escaped. */
  readonly maxFrameBytes: number
  /** A frame may come in so many pieces; a million pieces of a byte each cost more than they carry. */
  readonly maxPieces: number
  /** Frames that a visitor may send at once, and how many a second in the long run. */
  readonly frameBurst: number
  readonly framesPerSecond: number
  /** The same in bytes. */
  readonly byteBurst: number
  readonly bytesPerSecond: number
  readonly maxSockets: number
  /** A class behind one router is one address. */
  readonly maxSocketsPerAddress: number
  readonly maxRooms: number
  readonly maxVisitorsPerRoom: number
  /** What may wait for a visitor who reads slowly; then it is sent away. */
  readonly maxWaitingBytes: number
  /** Bytes of those who cannot meet: what one visitor may have carried at once, and a second. Whoever has more is read more slowly. */
  readonly relayedByteBurst: number
  readonly relayedBytesPerSecond: number
  /** The same for a whole room. 0 a second: nothing is carried, for anybody. */
  readonly relayedByteBurstPerRoom: number
  readonly relayedBytesPerSecondPerRoom: number
  /** What may wait of it for a visitor who reads slowly; beyond, it is lost. Less than `maxWaitingBytes`, so that signals pass. */
  readonly maxRelayedWaitingBytes: number
  /** From the connection to the first word. */
  readonly enterWithinMs: number
  /** A visitor that answers no ping within this time is gone. */
  readonly pingEveryMs: number
  /** Who was cut off without a goodbye counts as there for so long: it may be on its way back, and whoever comes meanwhile waits for it. */
  readonly missedForMs: number
  /** So many of them at a time, in all rooms; the longest gone are forgotten first. */
  readonly maxMissed: number
}

export const defaultLimits: Limits = {
  maxFrameBytes: 200 * 1024,
  maxPieces: 64,
  frameBurst: 500,
  framesPerSecond: 50,
  byteBurst: 4 * 1024 * 1024,
  bytesPerSecond: 256 * 1024,
  maxSockets: 20_000,
  maxSocketsPerAddress: 500,
  maxRooms: 10_000,
  maxVisitorsPerRoom: 128,
  maxWaitingBytes: 2 * 1024 * 1024,
  relayedByteBurst: 1024 * 1024,
  relayedBytesPerSecond: 2 * 1024 * 1024,
  relayedByteBurstPerRoom: 4 * 1024 * 1024,
  relayedBytesPerSecondPerRoom: 8 * 1024 * 1024,
  maxRelayedWaitingBytes: 1024 * 1024,
  enterWithinMs: 5_000,
  pingEveryMs: 15_000,
  missedForMs: 60_000,
  maxMissed: 20_000,
}
