/** Many seeds of the runtime, added up as ../sweep.ts adds up those of the core. In Node only. */
import { mix } from '../hash.ts'
import { addTally, emptyTally, type Tally } from '../sweep.ts'
import { simulateRuntime } from './run.ts'

export async function sweepRuntimeSeeds(from: number, count: number): Promise<Tally> {
  const sum = emptyTally()
  const uncaught: unknown[] = []
  const note = (error: unknown): void => {
    uncaught.push(error)
  }
  // A node that stops itself throws where nobody catches, so that an application's error reporting hears of it.
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
  try {
    for (let seed = from; seed < from + count; seed++) {
      const { events, simulatedMs, violations, traceHash } = await simulateRuntime(seed)
      const tally = { ...emptyTally(), seeds: 1, events, simulatedMs, hash: mix(Number.parseInt(traceHash, 16), seed) }
      const [first] = violations
      const [error] = uncaught.splice(0)
      if (first !== undefined) tally.failures.push({ seed, ...first })
      else if (error !== undefined) {
        const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
        tally.failures.push({ seed, property: 'Uncaught Error', detail })
      }
      addTally(sum, tally)
    }
  } finally {
    process.off('uncaughtException', note)
    process.off('unhandledRejection', note)
  }
  return sum
}
