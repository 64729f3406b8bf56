/** The application's side: a deterministic state machine, as Raft libraries have it. */

/** How values become bytes. `decode` must throw on bytes that `encode` cannot have made. */
export interface Codec<T> {
  encode(value: T): Uint8Array
  decode(bytes: Uint8Array): T
}

export interface AppliedAt {
  readonly index: number
  readonly term: number
}

/**
 * Every node applies the same commands in the same order and must reach the same state: no clock, no randomness and no
 * outside world in `apply`. A command for which `apply` throws is a no-op everywhere, and its proposer gets `Rejected`.
 */
export interface StateMachine<Command, Result> {
  readonly command: Codec<Command>
  readonly result: Codec<Result>
  apply(command: Command, at: AppliedAt): Result
  /** The whole state, as bytes. The same state gives the same bytes on every node. */
  snapshot(): Uint8Array
  /** Becomes exactly what `snapshot` had. Throws on bytes that are no snapshot, and then changes nothing. */
  restore(snapshot: Uint8Array): void
}
