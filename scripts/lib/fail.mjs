/** What to tell a person when a script cannot go on: what is wrong, and what to do about it. Never a stack trace. */

/** A failure whose message is meant for the person at the terminal. */
export class Refusal extends Error {}

/**
 * Runs a script's body. A `Refusal` is printed as it is; anything else is our own bug and keeps its stack.
 *
 * @param {() => Promise<number>} body resolves with the exit code
 */
export function main(body) {
  body().then(
    code => {
      process.exitCode = code
    },
    error => {
      console.error(error instanceof Refusal ? `\n${error.message}\n` : error)
      process.exitCode = 1
    },
  )
}
