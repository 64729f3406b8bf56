/** The simulator in a browser, for the test that a seed means the same there. */
import { sweepSeeds, type Tally } from '../../packages/simulator/src/sweep.ts'

declare global {
  interface Window {
    sweepSeeds?: (from: number, count: number) => Tally
  }
}

window.sweepSeeds = sweepSeeds
