/** What `flotilla` ends with: a script can tell a question that was answered no from one that nobody answered. */
export const ExitCode = {
  done: 0,
  /** Asked for, and refused or failed: the message says why. */
  failed: 1,
  /** The command line itself is wrong: nothing was done. */
  usage: 2,
  /** What lies on the disk is not what was written. */
  damaged: 3,
  /** Nobody answers: no node runs there, or it cannot be reached. */
  unreachable: 4,
  /** No answer in time, so that it may still happen; or there is no leader. */
  timeout: 5,
} as const

/** Ends the program with a sentence for whoever typed the command. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: number
  /** What to do about it. */
  readonly advice: string | undefined
  constructor(exitCode: number, message: string, advice?: string) {
    super(message)
    this.exitCode = exitCode
    this.advice = advice
  }
}
