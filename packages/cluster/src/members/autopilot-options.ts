/** What an application may say of who votes: its bounds, and what holds where it says nothing. Without the rules, which only a node needs. */

export interface AutopilotOptions {
  /**
   * No voter is demoted that would leave fewer than this: a room that must not be led by fewer keeps waiting for its lost ones, and lets tabs vote
   * beside an edge node.
   */
  readonly minVoters: number
  /** Learners become voters while there are fewer voters than this. */
  readonly maxVoters: number
  /** A voter that said goodbye is demoted after this long. Milliseconds. */
  readonly awayAfterMs: number
  /** A voter that fell silent is demoted after this long. Milliseconds. */
  readonly deadAfterMs: number
  /** A learner that the leader has not heard of for this long is a member no more. Milliseconds. */
  readonly forgetAfterMs: number
}

export const defaultAutopilot: AutopilotOptions = {
  minVoters: 1,
  maxVoters: 5,
  awayAfterMs: 5_000,
  deadAfterMs: 30_000,
  forgetAfterMs: 24 * 60 * 60_000,
}

/** The defaults with `given` over them. @throws RangeError naming the option that is out of its bounds, TypeError for what is no options. */
export function checkAutopilot(given: Partial<AutopilotOptions> = {}): AutopilotOptions {
  if (typeof given !== 'object' || given === null) throw new TypeError('autopilot must be an object of options')
  const options = { ...defaultAutopilot, ...given }
  for (const name of ['minVoters', 'maxVoters'] as const) {
    const value: unknown = options[name]
    if (!(typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_ROOM_MEMBERS)) {
      throw new RangeError(
        `autopilot.${name} must be a whole number from 1 to ${MAX_ROOM_MEMBERS}, not ${String(value)}`,
      )
    }
  }
  for (const name of ['awayAfterMs', 'deadAfterMs', 'forgetAfterMs'] as const) {
    const value: unknown = options[name]
    // Infinity is an answer: never.
    if (!(typeof value === 'number' && value >= 0)) {
      throw new RangeError(`autopilot.${name} must be 0 or more milliseconds, not ${String(value)}`)
    }
  }
  if (options.minVoters > options.maxVoters) throw new RangeError('autopilot.minVoters must not be above maxVoters')
  return options
}

/** More members than this are not let in: every one costs the leader a heartbeat, and a frame names them all. */
export const MAX_ROOM_MEMBERS = 128
