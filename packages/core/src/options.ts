/** Every number that a node of Raft may be tuned by, with its default and its bounds. */

export interface RaftOptions {
  /**
   * A follower that hears from no leader for a time drawn from [electionTimeoutMs, 2 × electionTimeoutMs) campaigns (§5.2).
   * Milliseconds, ≥ 2 × heartbeatIntervalMs. A busy page pauses for hundreds of milliseconds, so this is longer than the paper's 150.
   */
  readonly electionTimeoutMs: number
  /** How often an idle leader lets itself be heard. Milliseconds, > 0. */
  readonly heartbeatIntervalMs: number
  /** Ask before starting a term (dissertation §9.6). */
  readonly preVote: boolean
  /** A leader that hears from no majority for an election timeout steps down (dissertation §6.2). */
  readonly checkQuorum: boolean
  /**
   * A leader that a majority has answered lately reads without asking again (dissertation §6.4.1). Must be the same at
   * every voter, needs `checkQuorum`, and refuses to be on without a clock that is declared safe.
   */
  readonly leaseReads: boolean
  /**
   * What is known of the voters' clocks. `bounded-drift`: while one of them counts a second, no other counts more than
   * `clockDriftBound` seconds, and none ever stands still or jumps. Nobody can say that of a browser tab, whose clock may
   * stop while the machine sleeps.
   */
  readonly clock: 'unsafe' | 'bounded-drift'
  /** The greatest ratio between the rates of two clocks, ≥ 1; a lease is an election timeout divided by it. Only read for leases. */
  readonly clockDriftBound: number
  /** Entries and bytes in one AppendEntries: whichever bound is met first. A single larger entry still goes, alone. */
  readonly maxEntriesPerMessage: number
  readonly maxBytesPerMessage: number
  /** AppendEntries under way to one follower (dissertation §10.2.1). */
  readonly maxInflightMessages: number
  readonly maxInflightBytes: number
  /** Proposals are refused (`Overloaded`) while more bytes than this are appended but not committed. */
  readonly maxUncommittedBytes: number
  /** Bytes of a snapshot in one message. */
  readonly snapshotChunkBytes: number
  /** Ask the host for a snapshot when more than this is applied but not compacted; whichever comes first. */
  readonly snapshotThresholdEntries: number
  readonly snapshotThresholdBytes: number
  /** Emit trace events. */
  readonly trace: boolean
}

export const defaultOptions: RaftOptions = {
  electionTimeoutMs: 750,
  heartbeatIntervalMs: 100,
  preVote: true,
  checkQuorum: true,
  leaseReads: false,
  clock: 'unsafe',
  clockDriftBound: 1.1,
  maxEntriesPerMessage: 1024,
  maxBytesPerMessage: 128 * 1024,
  maxInflightMessages: 256,
  maxInflightBytes: 1024 * 1024,
  maxUncommittedBytes: 16 * 1024 * 1024,
  snapshotChunkBytes: 64 * 1024,
  snapshotThresholdEntries: 10_000,
  snapshotThresholdBytes: 16 * 1024 * 1024,
  trace: false,
}

/** The defaults with `given` over them. @throws RangeError naming the option that is out of its bounds. */
export function checkOptions(given: Partial<RaftOptions> = {}): RaftOptions {
  const options = { ...defaultOptions, ...given }
  const positive = [
    'electionTimeoutMs',
    'heartbeatIntervalMs',
    'maxEntriesPerMessage',
    'maxBytesPerMessage',
    'maxInflightMessages',
    'maxInflightBytes',
    'maxUncommittedBytes',
    'snapshotChunkBytes',
    'snapshotThresholdEntries',
    'snapshotThresholdBytes',
  ] as const
  for (const name of positive) {
    if (!(options[name] > 0)) throw new RangeError(`${name} must be greater than 0, not ${options[name]}`)
  }
  if (options.electionTimeoutMs < 2 * options.heartbeatIntervalMs) {
    throw new RangeError('electionTimeoutMs must be at least twice heartbeatIntervalMs')
  }
  if (!(options.clockDriftBound >= 1)) {
    throw new RangeError(`clockDriftBound must be at least 1, not ${options.clockDriftBound}`)
  }
  if (options.leaseReads && options.clock !== 'bounded-drift') {
    throw new RangeError("leaseReads needs a clock that is declared safe: clock must be 'bounded-drift'")
  }
  if (options.leaseReads && !options.checkQuorum) throw new RangeError('leaseReads needs checkQuorum')
  return options
}
