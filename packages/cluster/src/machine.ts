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
 * outside world in `apply`.
 *
 * A command for which `apply` throws is `Rejected` to its proposer. What `apply` changed before it threw stays changed, on
 * every node alike: look first, then change.
 */
export interface StateMachine<Command, Result> {
  readonly command: Codec<Command>
  readonly result: Codec<Result>
  /**
   * At once: a promise would be fulfilled at another moment on every node, so a command for which `apply` gives one is `Rejected`.
   * The bytes that `command.decode` has are the machine's to keep.
   */
  apply(command: Command, at: AppliedAt): Synchronous<Result>
  /**
   * The whole state, as bytes. The same state gives the same bytes on every node. While it throws, or gives anything else, the
   * node goes on, keeps its log, and asks again later.
   */
  snapshot(): Uint8Array
  /**
   * What nodes are compared by to notice a machine that is not the same everywhere (`digestEveryEntries`), where that is not all of
   * `snapshot`; `undefined` while this one cannot be compared, because its code is older than the room's.
   */
  comparable?(): Uint8Array | undefined
  /** Becomes exactly what `snapshot` had. Throws on bytes that are no snapshot, and then changes nothing: the node stops. */
  restore(snapshot: Uint8Array): void
  /** Only `carrier` says so: it does not know what commands come to, so nobody is told an answer of its, and it takes no snapshots. */
  readonly isCarrier?: true
}

/** No promise. (To the language an async function is one that gives `void`, so a machine without results gives `undefined`.) */
export type Synchronous<T> = Exclude<T, PromiseLike<unknown>>
