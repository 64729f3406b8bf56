/** The leader's rules for who votes (design: "membership is not connectivity"). */

export interface AutopilotOptions {
  /** Learners become voters while there are fewer voters than this. */
  readonly maxVoters: number
  /** A voter that said goodbye is demoted after this long. Milliseconds. */
  readonly awayAfterMs: number
  /** A voter that fell silent is demoted after this long. Milliseconds. */
  readonly deadAfterMs: number
}

export const defaultAutopilot: AutopilotOptions = { maxVoters: 5, awayAfterMs: 5_000, deadAfterMs: 30_000 }
