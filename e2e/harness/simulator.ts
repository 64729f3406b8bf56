/**
 * The simulator in a browser, for the test that a seed means the same there. Opened as `simulator.html?seeds=100&report=…`
 * it runs these seeds by itself and posts what they came to, for browsers that the tests do not drive.
 */

import { sweepSeeds, type Tally } from '../../packages/simulator/src/driver/sweep.ts'
import { simulateRuntime } from '../../packages/simulator/src/runtime/run.ts'
import { sweepRooms } from '../../packages/simulator/src/runtime/sweep.ts'

declare global {
  interface Window {
    sweepSeeds?: (from: number, count: number) => Tally
    sweepRuntimeSeeds?: (from: number, count: number) => Promise<Tally>
  }
}

window.sweepSeeds = sweepSeeds
window.sweepRuntimeSeeds = (from, count) => sweepRooms(simulateRuntime, from, count)

const asked = new URLSearchParams(location.search)
const report = asked.get('report')
if (report !== null) {
  const body = JSON.stringify(outcome(Number(asked.get('seeds'))))
  await fetch(report, { method: 'POST', mode: 'no-cors', body })
}

function outcome(seeds: number) {
  const { userAgent } = navigator
  try {
    return { userAgent, ...sweepSeeds(1, seeds) }
  } catch (error) {
    return { userAgent, error: String(error) }
  }
}
