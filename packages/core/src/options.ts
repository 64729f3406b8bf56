/** Every number that a node of Raft may be tuned by, with its default and its bounds. */

export interface RaftOptions {
  /**
   * A follower that hears from no leader for a time drawn from [electionTimeoutMs, 2 × electionTimeoutMs) campaigns (§5.2).
   * Milliseconds, ≥ 2 × heartbeatIntervalMs. Browsers pause for tens of milliseconds, so this is longer than the paper's 150.
   */
  readonly electionTimeoutMs: number
  /** How often an idle leader lets itself be heard. Milliseconds, > 0. */
  readonly heartbeatIntervalMs: number
  /** Ask before starting a term (dissertation §9.6). */
  readonly preVote: boolean
  /** A leader that hears from no majority for an election timeout steps down (dissertation §6.2). */
  readonly checkQuorum: boolean
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
  electionTimeoutMs: 500,
  heartbeatIntervalMs: 100,
  preVote: true,
  checkQuorum: true,
  maxEntriesPerMessage: 1024,
  maxBytesPerMessage: 64 * 1024,
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
  return options
}
