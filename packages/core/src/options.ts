/** Every number that a node of Raft may be tuned by, with its default and its bounds. */

export interface RaftOptions {
  /**
   * A follower that hears from no leader for a time drawn from [electionTimeoutMs, 2 × electionTimeoutMs) campaigns (§5.2).
   * Milliseconds, ≥ 2 × heartbeatIntervalMs. A busy page pauses for hundreds of milliseconds, so this is longer than the paper's 150.
   */
  readonly electionTimeoutMs: number
  /**
   * Where timers and messages are late, the timeout becomes up to so many times longer, and comes back when that is over
   * (patience.ts). ≥ 1; 1 for never.
   */
  readonly electionTimeoutStretch: number
  /** How often an idle leader lets itself be heard. Milliseconds, > 0. */
  readonly heartbeatIntervalMs: number
  /** Ask before starting a term (dissertation §9.6). */
  readonly preVote: boolean
  /**
   * A leader that hears from no majority for an election timeout steps down (dissertation §6.2). Without it one that was cut off
   * leads on in its own eyes, and never learns if it was expelled meanwhile, until it is started again.
   */
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
  /**
   * Proposals are refused (`Overloaded`) while more bytes than this are appended but not committed, or four times as many
   * wait for this node's own disk.
   */
  readonly maxUncommittedBytes: number
  /** Bytes of a snapshot in one message. */
  readonly snapshotChunkBytes: number
  /** Ask the host for a snapshot when more than this is applied but not compacted; whichever comes first. */
  readonly snapshotThresholdEntries: number
  readonly snapshotThresholdBytes: number
  /**
   * Bytes of entries that a leader keeps, though a snapshot covers them, for followers that are being brought up to date. If
   * a snapshot is longer than this, as many as it has: sending it takes the longer.
   */
  readonly maxCatchUpBytes: number
  /** Reads that wait at this node, for its leader or for a majority. More are abandoned at once (`overloaded`). */
  readonly maxPendingReads: number
  /** Emit trace events. */
  readonly trace: boolean
}

export const defaultOptions: RaftOptions = {
  electionTimeoutMs: 750,
  electionTimeoutStretch: 8,
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
  maxCatchUpBytes: 16 * 1024 * 1024,
  maxPendingReads: 10_000,
  trace: false,
}

/** The longest that hosts' timers can wait, halved: an election timeout is doubled at most. */
const MAX_TIMEOUT_MS = 2 ** 30
/** A window has a place in memory for each message. */
const MAX_WINDOW_MESSAGES = 2 ** 20

type NameOf<Value> = { [Name in keyof RaftOptions]: RaftOptions[Name] extends Value ? Name : never }[keyof RaftOptions]

const counts: readonly NameOf<number>[] = [
  'maxEntriesPerMessage',
  'maxBytesPerMessage',
  'maxInflightBytes',
  'maxUncommittedBytes',
  'snapshotChunkBytes',
  'snapshotThresholdEntries',
  'snapshotThresholdBytes',
  'maxCatchUpBytes',
  'maxPendingReads',
]
const switches: readonly NameOf<boolean>[] = ['preVote', 'checkQuorum', 'leaseReads', 'trace']

/**
 * The defaults with `given` over them; what is undefined counts as not given.
 *
 * @throws RangeError naming the option that is out of its bounds, of another kind, or none at all.
 */
export function checkOptions(given: Partial<RaftOptions> = {}): RaftOptions {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(defaultOptions, name)) throw new RangeError(`${name} is no option of Raft`)
  }
  const isGiven = ([, value]: [string, unknown]): boolean => value !== undefined
  const options: RaftOptions = { ...defaultOptions, ...Object.fromEntries(Object.entries(given).filter(isGiven)) }
  checkNumber('electionTimeoutMs', options.electionTimeoutMs, 2, MAX_TIMEOUT_MS)
  checkNumber('electionTimeoutStretch', options.electionTimeoutStretch, 1, 1000)
  checkNumber('heartbeatIntervalMs', options.heartbeatIntervalMs, 1, MAX_TIMEOUT_MS / 2)
  checkNumber('clockDriftBound', options.clockDriftBound, 1, 1000)
  for (const name of counts) checkInteger(name, options[name], 1, Number.MAX_SAFE_INTEGER)
  checkInteger('maxInflightMessages', options.maxInflightMessages, 1, MAX_WINDOW_MESSAGES)
  for (const name of switches) {
    if (typeof options[name] !== 'boolean') throw outOfBounds(name, 'true or false', options[name])
  }
  if (options.clock !== 'unsafe' && options.clock !== 'bounded-drift') {
    throw outOfBounds('clock', "'unsafe' or 'bounded-drift'", options.clock)
  }
  if (options.electionTimeoutMs < 2 * options.heartbeatIntervalMs) {
    const least = `at least twice heartbeatIntervalMs (${options.heartbeatIntervalMs})`
    throw outOfBounds('electionTimeoutMs', least, options.electionTimeoutMs)
  }
  if (options.leaseReads && options.clock !== 'bounded-drift') {
    throw new RangeError("leaseReads needs a clock that is declared safe: clock must be 'bounded-drift'")
  }
  if (options.leaseReads && !options.checkQuorum) throw new RangeError('leaseReads needs checkQuorum')
  return options
}

/** @throws RangeError unless it is an integer within the bounds. */
export function checkInteger(name: string, value: unknown, min: number, max: number): void {
  if (Number.isInteger(value)) checkNumber(name, value, min, max)
  else throw outOfBounds(name, `an integer from ${min} to ${max}`, value)
}

function checkNumber(name: string, value: unknown, min: number, max: number): void {
  const fits = typeof value === 'number' && value >= min && value <= max
  if (!fits) throw outOfBounds(name, `from ${min} to ${max}`, value)
}

function outOfBounds(name: string, wanted: string, value: unknown): RangeError {
  return new RangeError(`${name} must be ${wanted}, not ${typeof value === 'string' ? `'${value}'` : String(value)}`)
}
