/**
 * The long run is `npm test -- --all`, or any command with FLOTILLA_LONG_RUN=1 in its environment: more rounds, more seeds,
 * and what needs more than Node and a Chromium.
 */

export const longRun = process.env.FLOTILLA_LONG_RUN === '1'

/**
 * How often a test repeats what should go well every time.
 *
 * @param {number} short in `npm test`
 * @param {number} long in the long run
 */
export const rounds = (short, long) => (longRun ? long : short)
